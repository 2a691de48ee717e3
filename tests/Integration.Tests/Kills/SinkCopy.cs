namespace Delivery.Integration.Tests.Kills;

/// <summary>One message that the sink accepted for one recipient.</summary>
/// <param name="Answered">False where the sink closed the connection instead of answering the dot.</param>
internal sealed record SinkCopy(DateTimeOffset At, int Connection, string MessageId, bool Answered)
{
    public override string ToString() => $"{At:HH:mm:ss.fff} connection {Connection} {MessageId}{(Answered ? "" : " not answered")}";
}
