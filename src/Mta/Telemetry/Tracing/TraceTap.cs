using System.Diagnostics;
using System.Text;
using Delivery.Mta.Jobs;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Telemetry.Tracing;

/// <summary>One attempt, to those who want to see it.</summary>
/// <param name="begun">A <see cref="Stopwatch"/> timestamp.</param>
internal sealed class TraceTap(List<TraceReader> readers, int connection, OutgoingMessage message, long begun, TimeProvider time)
{
    private readonly string _job = JobIds.Format(message.Origin.Job);
    private readonly uint _recipient = message.Origin.Recipient;
    private bool _ended;

    /// <summary>The message until the attempt has ended; null from then on, since messages are used again.</summary>
    public OutgoingMessage? Message => _ended ? null : message;

    /// <summary>Commands as they leave, each with its CRLF.</summary>
    public void Sent(ReadOnlySpan<byte> commands) => Add("sent", Encoding.UTF8.GetString(commands.TrimEnd("\r\n"u8)));

    public void Received(string reply) => Add("received", reply);

    public void Note(string text) => Add("note", text);

    public void End(string result)
    {
        Add("end", result);
        _ended = true;
    }

    /// <summary>What follows the end, as further refusals of what was refused, is not told.</summary>
    private void Add(string kind, string text)
    {
        if (_ended)
            return;
        var line = new TraceLine
        {
            At = time.GetUtcNow(),
            Ms = Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 3),
            Connection = connection,
            Job = _job,
            Recipient = _recipient,
            Kind = kind,
            Text = text,
        };
        foreach (var reader in readers)
            reader.Add(line);
    }
}
