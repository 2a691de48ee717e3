namespace Delivery.Aggregator.Live;

/// <summary>What live counters are made of.</summary>
internal static class LiveServices
{
    public static void AddLive(this IServiceCollection services) => services.AddSingleton<LiveMarks>().AddSingleton<LiveJobs>();
}
