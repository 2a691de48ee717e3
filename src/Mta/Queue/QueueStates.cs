namespace Delivery.Mta.Queue;

/// <summary>The names of states in questions and answers.</summary>
internal static class QueueStates
{
    public static readonly string[] Names = ["in_flight", "deferred", "waiting", "held"];

    public static string Of(QueueState state) => Names[(int)state];
}
