using Maintenance.Host.Cli;

return await CommandLine.RunAsync(args, Terminal.Console);
