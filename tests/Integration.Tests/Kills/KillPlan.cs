namespace Delivery.Integration.Tests.Kills;

/// <param name="Gentle">Programs are stopped with SIGTERM only.</param>
/// <param name="Faults">The sink puts off, refuses and leaves unanswered some of the mail.</param>
/// <param name="Fsync">When Redis flushes its log: <c>everysec</c> or <c>always</c>.</param>
internal sealed record KillPlan(string Name, int Seed, bool Gentle, bool Faults, string Fsync = "everysec");
