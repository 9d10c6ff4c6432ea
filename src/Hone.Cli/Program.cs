using Hone.Cli.Commands;

return await HoneCommand.RunAsync(args, new Surroundings(Console.Out, Console.Error, TimeProvider.System));
