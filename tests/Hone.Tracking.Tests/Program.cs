using Hone.Tracking.Tests.Client;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

// Without the words below this is the test runner.
switch (args)
{
    case ["write-until-killed", var path]:
        await KilledWriter.RunAsync(path);
        return 0;
    case ["serve-until-killed", var path, var port]:
        await ServedProcess.RunAsync(path, port);
        return 0;
    case ["log-and-spool-until-killed", var server, var spool]:
        await KilledClient.RunAsync(server, spool);
        return 0;
    case ["log-until-killed", var address, var name]:
        await ServedProcess.RunClientAsync(address, name);
        return 0;
    default:
        return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
