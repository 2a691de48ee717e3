using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Delivery.Contracts.Settings;

/// <summary>How a program runs from its start to its end.</summary>
public static class CleanStop
{
    /// <summary>
    /// Returns when the program was asked to stop and every service has. A stop that comes while it still starts is one too: what had begun
    /// by then is stopped as ever, so that nothing which is on its way is left in doubt.
    /// </summary>
    public static async Task RunToStopAsync(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await app.StopAsync().ConfigureAwait(false);
            return;
        }

        await app.WaitForShutdownAsync().ConfigureAwait(false);
    }
}
