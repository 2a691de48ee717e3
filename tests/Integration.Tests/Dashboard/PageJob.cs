namespace Delivery.Integration.Tests.Dashboard;

/// <summary>A job of known reading: how many people clicked the link of each position, each of them once.</summary>
/// <param name="Clickers">People by position.</param>
/// <param name="Positions">Those that can be seen in the mail as it is shown.</param>
internal sealed record PageJob(string Name, string Id, int Recipients, IReadOnlyDictionary<int, int> Clickers, IReadOnlyList<int> Positions);
