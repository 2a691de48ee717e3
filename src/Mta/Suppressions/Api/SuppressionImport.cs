using Delivery.Contracts.Suppressions;
using Delivery.Mta.Jobs.Uploads;
using StackExchange.Redis;

namespace Delivery.Mta.Suppressions.Api;

/// <summary>
/// Takes one body of suppressions into Redis: the next lines are read and checked while Redis takes those before. Memory holds some hundred of them,
/// whatever the length of the body. Sending a body again changes nothing.
/// </summary>
internal sealed class SuppressionImport(uint account, LineReader lines, SuppressionLines format, IDatabaseAsync redis, SuppressionKeys keys)
{
    /// <summary>Rejections that an answer names; the others are counted.</summary>
    public const int NamedRejections = 1_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private List<SuppressedRecipient> _batch = new(SuppressionScript.MostAtOnce);
    private Task<SuppressionChange>? _adding;
    private int _addingCount;
    private bool _header = format.IsCsv;

    /// <summary>Lines read; those that were good are in Redis once <see cref="RunAsync"/> has returned.</summary>
    public long Lines { get; private set; }

    public long Added { get; private set; }

    public long Known { get; private set; }

    public long Rejected { get; private set; }

    public List<RejectedSuppression> Rejections { get; } = [];

    /// <returns>Null where the whole body was read, else what is wrong with it; what was taken until then stands.</returns>
    /// <exception cref="RedisException">Redis did not take all; also <see cref="TimeoutException"/>.</exception>
    /// <exception cref="IOException">The body broke off; also <see cref="InvalidDataException"/> for one that is no gzip.</exception>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            // Also where the body broke off: what was read is taken, as the counts say.
            await SendAsync().ConfigureAwait(false);
            await SentAsync().ConfigureAwait(false);
        }
    }

    private async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        do
        {
            while (lines.TryNext())
            {
                if (_header)
                {
                    if (lines.TooLong || lines.Unclosed)
                        return "has a header that is too long, or a quote in it that is never closed";
                    if (format.ReadHeader(lines.Line.Span) is { } wrong)
                        return "has a header that " + wrong;
                    _header = false;
                    continue;
                }

                if (lines.Unclosed)
                    return $"opens a quote in row {Lines + 1} that is never closed and would swallow the rows behind it";
                Take();
                if (_batch.Count == SuppressionScript.MostAtOnce)
                    await SendAsync().ConfigureAwait(false);
            }
        }
        while (await lines.FillAsync(cancellation).ConfigureAwait(false));
        return _header ? "has no header: the first line names the columns" : null;
    }

    private void Take()
    {
        Lines++;
        if (lines.TooLong)
            Reject(null, $"the line is longer than {LineReader.MaxLineBytes} bytes");
        else if (lines.Line.Span.TrimStart(" \t"u8).IsEmpty)
            return;
        else if (format.Parse(lines.Line) is { } one)
            _batch.Add(one);
        else
            Reject(format.Email, format.Reason());
    }

    private void Reject(string? email, string reason)
    {
        Rejected++;
        if (Rejections.Count < NamedRejections)
            Rejections.Add(new RejectedSuppression(Lines, email, reason));
    }

    private async Task SendAsync()
    {
        await SentAsync().ConfigureAwait(false);
        if (_batch.Count == 0)
            return;
        _addingCount = _batch.Count;
        _adding = SuppressionScript.AddAsync(redis, keys, account, _batch, Deadline);
        _batch = new List<SuppressedRecipient>(SuppressionScript.MostAtOnce);
    }

    private async Task SentAsync()
    {
        if (_adding is null)
            return;
        var change = await _adding.ConfigureAwait(false);
        _adding = null;
        Added += change.Changed;
        Known += _addingCount - change.Changed;
    }
}
