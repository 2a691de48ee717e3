namespace Delivery.Cli.Bench.Compare;

/// <summary>What <c>bench compare</c> writes: messages a second, medians of the rounds.</summary>
internal sealed record CompareResult(int Connections, int Rounds, IReadOnlyList<CompareRow> Rows, MachineFigures Machine);

/// <param name="SizeBytes">True mean of the messages of <c>bench send</c>; the others' messages are as long.</param>
/// <param name="SocketLoop">Sockets that write one constant message.</param>
/// <param name="SmtpSource">Postfix's load generator.</param>
/// <param name="Send">The whole product, from the first request to the last event in Redis.</param>
internal sealed record CompareRow(int SizeBytes, long Messages, CompareFigure SocketLoop, CompareFigure SmtpSource, CompareFigure Send, double SendToSocketLoop, double SendToSmtpSource);

/// <param name="Rounds">Messages a second of each round, in their order.</param>
internal sealed record CompareFigure(double Median, IReadOnlyList<double> Rounds)
{
    public static CompareFigure Of(IReadOnlyList<double> rounds)
    {
        var sorted = rounds.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new CompareFigure(Math.Round(median, 1), [.. rounds.Select(round => Math.Round(round, 1))]);
    }
}
