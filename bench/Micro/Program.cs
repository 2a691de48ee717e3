using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Delivery.Micro;

// --budgets [--update]: what each operation allocates, against bench/budgets.json. Else BenchmarkDotNet with its own arguments.
if (args is ["--budgets", ..])
    return BudgetCheck.Run(Console.Out, Budgets.FindFile(), update: args is [_, "--update"]);
var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkRunner.Run<MicroBenchmarks>(config, args);
return 0;
