using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Delivery.Contracts.Events;
using Delivery.Mta.Smtp;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Outcomes;

/// <summary>
/// Tells what a refusal means by ordered rules: the operator's, then those that come with the program; the first that matches decides.
/// A text that was seen lately costs a look-up and no rule. Thread-safe.
/// </summary>
internal sealed class BounceClassifier
{
    /// <summary>Texts of one generation; two are kept.</summary>
    private const int MostKept = 2_048;

    private readonly BounceRule[] _rules;
    private readonly bool _looksAtPeer;
    private long _misses;
    private long _givenUp;
    private ConcurrentDictionary<string, BounceVerdict> _young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, BounceVerdict> _old = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The operator's file holds what is no rule.</exception>
    public BounceClassifier(IOptions<MtaOptions> options)
        : this([.. options.Value.BounceRulesFile.Length == 0 ? [] : BounceRuleFile.Load(options.Value.BounceRulesFile), .. BounceRuleFile.BuiltIn()])
    {
    }

    public BounceClassifier(IReadOnlyList<BounceRule> rules)
    {
        _rules = [.. rules];
        _looksAtPeer = rules.Any(rule => rule.Peer.Count > 0);
    }

    /// <summary>Texts for which rules had to be tried, since the start.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Texts for which a pattern took too long, since the start; they are undetermined.</summary>
    public long GivenUp => Interlocked.Read(ref _givenUp);

    /// <summary>Texts whose verdict is kept.</summary>
    public int Kept => Volatile.Read(ref _young).Count + Volatile.Read(ref _old).Count;

    /// <param name="reply">A refusal; code 0 stands for none that came.</param>
    /// <param name="peer">host:port; null where no peer had a say.</param>
    public BounceVerdict Classify(in SmtpReply reply, string? peer)
    {
        if (reply.Code == 0)
            return BounceVerdict.NoReply;
        Span<char> key = stackalloc char[ReplyPlaceholders.MaxLength + 300];
        var host = _looksAtPeer ? PeerPattern.HostOf(peer) : default;
        host = host[..Math.Min(host.Length, 255)];
        key.TryWrite(CultureInfo.InvariantCulture, $"{reply.Code} {reply.Enhanced.Class}.{reply.Enhanced.Subject}.{reply.Enhanced.Detail} {host} ", out var head);
        var text = key.Slice(head, ReplyPlaceholders.Write(reply.Text, key.Slice(head, ReplyPlaceholders.MaxLength)));
        key = key[..(head + text.Length)];
        if (Volatile.Read(ref _young).GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var known))
            return known;
        var verdict = Volatile.Read(ref _old).GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out known) ? known : Match(reply, text, host);
        Keep(key.ToString(), verdict);
        return verdict;
    }

    private BounceVerdict Match(in SmtpReply reply, ReadOnlySpan<char> text, ReadOnlySpan<char> host)
    {
        Interlocked.Increment(ref _misses);
        var status = reply.Enhanced.IsPresent ? reply.Enhanced : ReplyStatus.Find(text);
        try
        {
            foreach (var rule in _rules)
            {
                if (rule.Matches(reply.Code, status, text, host))
                    return rule.Verdict;
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // A peer that makes a pattern take its time gets no verdict, and no other pattern to do it again.
            Interlocked.Increment(ref _givenUp);
        }

        return new BounceVerdict { Class = BounceClass.Undetermined, Unknown = new UnknownReply(reply.Code, reply.Enhanced.ToString(), text.ToString()) };
    }

    private void Keep(string key, BounceVerdict verdict)
    {
        var young = Volatile.Read(ref _young);
        if (young.TryAdd(key, verdict) && young.Count >= MostKept && Interlocked.CompareExchange(ref _young, new(StringComparer.Ordinal), young) == young)
            Volatile.Write(ref _old, young);
    }
}
