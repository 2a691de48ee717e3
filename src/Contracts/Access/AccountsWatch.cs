using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Delivery.Contracts.Access;

/// <summary>
/// Follows the accounts file once a second, so that a key that was made or revoked is so without a restart. A file that cannot be read
/// leaves what was known, and is told once, until it can be again.
/// </summary>
public sealed partial class AccountsWatch(ApiKeyTable table, TimeProvider time, ILogger<AccountsWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!table.FollowsFile)
            return;
        string? told = null;
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                try
                {
                    if (table.Refresh(time.GetUtcNow().UtcDateTime) || told is not null)
                        AccountsRead(log);
                    told = null;
                }
                catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
                {
                    if (told != e.Message)
                        AccountsUnreadable(log, e.Message);
                    told = e.Message;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    [LoggerMessage(900, LogLevel.Information, "The accounts file was read again")]
    private static partial void AccountsRead(ILogger log);

    [LoggerMessage(901, LogLevel.Error, "The accounts file cannot be used, and the keys known before hold: {Reason}")]
    private static partial void AccountsUnreadable(ILogger log, string reason);
}
