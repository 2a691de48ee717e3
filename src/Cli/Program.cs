using Delivery.Cli;

return await CommandLine.RunAsync(args, Console.Error);
