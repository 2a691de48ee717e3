namespace Delivery.Integration.Tests.Kills;

/// <summary>An outcome in the raw table.</summary>
internal sealed record Outcome(string Kind, bool Uncertain);
