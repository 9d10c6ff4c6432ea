using Hone.Pipelines.Tests.Verbs;

// Without the word below this is the test runner.
if (args is ["work-until-killed", var path, var seed])
{
    await KilledWorker.RunAsync(path, int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}

return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
