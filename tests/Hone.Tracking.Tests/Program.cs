using Hone.Tracking.Tests.Store;

// Without the word below this is the test runner.
if (args is ["write-until-killed", var path])
{
    await KilledWriter.RunAsync(path);
    return 0;
}

return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
