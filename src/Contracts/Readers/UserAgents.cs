using System.Collections.Concurrent;
using Delivery.Contracts.Events;

namespace Delivery.Contracts.Readers;

/// <summary>
/// Who reads, by the user agent. A verdict is found once and kept: the table is bounded by two generations, of which the older is
/// dropped when the younger is full, so that made-up user agents cost time and no memory. Thread-safe.
/// </summary>
public sealed class UserAgents(int capacity = UserAgents.DefaultCapacity)
{
    /// <summary>Verdicts kept at most.</summary>
    public const int DefaultCapacity = 16_384;

    private Generation _young = new();
    private Generation _old = new();

    /// <param name="userAgent">Empty where the request has none.</param>
    public ReaderVerdict Find(EventKind kind, string userAgent)
    {
        var verdicts = Verdicts(userAgent);
        return kind == EventKind.Opened ? verdicts.OnOpen : verdicts.OnClick;
    }

    /// <summary>Verdicts that are kept now.</summary>
    internal int Kept => Volatile.Read(ref _young).Known.Count + Volatile.Read(ref _old).Known.Count;

    private Pair Verdicts(string userAgent)
    {
        var young = Volatile.Read(ref _young);
        if (young.Known.TryGetValue(userAgent, out var verdicts))
            return verdicts;
        if (!Volatile.Read(ref _old).Known.TryGetValue(userAgent, out verdicts))
            verdicts = Decide(userAgent);
        if (young.Known.TryAdd(userAgent, verdicts) && Interlocked.Increment(ref young.Count) == capacity / 2)
        {
            Volatile.Write(ref _old, young);
            Volatile.Write(ref _young, new Generation());
        }

        return verdicts;
    }

    private static Pair Decide(string userAgent)
    {
        foreach (var rule in UserAgentRules.All)
        {
            if (rule.Fits(userAgent))
                return new(new(rule.OnOpen, rule.Reason), new(rule.OnClick, rule.Reason));
        }

        if ((CrawlerPatterns.BuiltIn.Find(userAgent) ?? RobotWords.Find(userAgent)) is { } robot)
            return new(new(ReaderClass.Scanner, robot), new(ReaderClass.Scanner, robot));
        return new(default, Browsers.Is(userAgent) ? default : new(ReaderClass.Scanner, "not_a_browser"));
    }

    private sealed class Generation
    {
        public ConcurrentDictionary<string, Pair> Known { get; } = new(StringComparer.Ordinal);

        public int Count;
    }

    private sealed record Pair(ReaderVerdict OnOpen, ReaderVerdict OnClick);
}
