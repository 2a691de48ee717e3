using System.Runtime.ExceptionServices;

namespace Delivery.Mta.Tests.Templates;

/// <summary>Runs on a thread of 256 KB of stack: what recursed without bound would take the process with it.</summary>
internal static class SmallStack
{
    public static void Run(Action action)
    {
        ExceptionDispatchInfo? failed = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    failed = ExceptionDispatchInfo.Capture(e);
                }
            },
            256 * 1024);
        thread.Start();
        thread.Join();
        failed?.Throw();
    }
}
