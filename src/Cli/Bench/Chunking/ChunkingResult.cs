using Delivery.Cli.Bench.Compare;

namespace Delivery.Cli.Bench.Chunking;

/// <summary>What <c>bench chunking</c> writes.</summary>
/// <param name="Server">The SMTP server: an address, or <c>sink</c> for the benchmark's own.</param>
/// <param name="InFlight">The most messages in flight on a connection with CHUNKING.</param>
internal sealed record ChunkingResult(
    string Server, int Connections, int InFlight, int SizeBytes, int Rounds, IReadOnlyList<ChunkingRow> Rows, MachineFigures Machine);

/// <param name="DelayMs">Added to each round trip.</param>
/// <param name="Chunking">False: PIPELINING alone.</param>
/// <param name="MessagesPerSecond">From the first request until the last recipient has its outcome on disk.</param>
/// <param name="PerRoundTrip">Messages in one added round trip on one connection; null without a delay.</param>
/// <param name="CpuMicrosecondsPerMessage">The Mta's, median of the rounds.</param>
internal sealed record ChunkingRow(
    int DelayMs, bool Chunking, long Messages, CompareFigure MessagesPerSecond, double? PerRoundTrip, double CpuMicrosecondsPerMessage);
