namespace Delivery.Cli.Bench.Send;

/// <summary>How far a run was at one moment.</summary>
internal readonly record struct SendSample(double Seconds, long Delivered, long MtaRssBytes);
