using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>
/// Reads an audience as the reports stream it with <c>end=true</c>: a line of NDJSON for each person, ordinals rising, and a last one that says how many they
/// were. An instance reads one stream; not thread-safe.
/// </summary>
internal sealed class AudienceLines(AudienceSet people)
{
    /// <summary>Far more than a line can have.</summary>
    private const int MaxLineBytes = 64 * 1024;

    private long _next;
    private bool _ended;

    /// <param name="alive">Called whenever something came.</param>
    /// <returns>False where the stream is not whole: nothing may be done with what was read.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<bool> ReadAsync(Stream stream, Action alive, CancellationToken cancellation)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
                alive();
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    if (!Take(buffer.Slice(0, end)))
                        return false;
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (read.IsCompleted)
                    return _ended && buffer.IsEmpty;
                if (buffer.Length > MaxLineBytes)
                    return false;
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private bool Take(in ReadOnlySequence<byte> line)
    {
        if (_ended)
            return false;
        long? recipient = null, count = null;
        try
        {
            var json = new Utf8JsonReader(line);
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                    continue;
                var isRecipient = json.ValueTextEquals("recipient"u8);
                var isCount = json.ValueTextEquals("people"u8);
                json.Read();
                if (isRecipient)
                    recipient = json.GetInt64();
                else if (isCount)
                    count = json.GetInt64();
                else
                    json.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }

        if (recipient is null)
            return _ended = count == people.People;
        if (recipient < _next || recipient > uint.MaxValue)
            return false;
        people.Add((uint)recipient.Value);
        _next = recipient.Value + 1;
        return true;
    }
}
