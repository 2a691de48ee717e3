using Delivery.Mta.Outcomes;
using Delivery.Mta.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Outcomes;

/// <summary>One reply as some server says it, and what is to be made of it.</summary>
/// <param name="Scope">Null: that of the refused command.</param>
internal sealed record CorpusReply(string Class, string? Scope, bool Suppresses, string Source, string Line)
{
    public SmtpReply Reply => ReplyStatus.TryParseReply(Line, out var reply) ? reply : throw new FormatException(Line);

    /// <summary>What is wrong with the verdict; null where nothing is.</summary>
    public string? Fault(BounceVerdict verdict)
    {
        var bounceClass = BounceClassNames.Of(verdict.Class);
        var suppresses = verdict.AddressIsUnknown && Reply.IsPermanent;
        var scope = verdict.Scope?.ToString().ToLowerInvariant();
        return bounceClass == Class && suppresses == Suppresses && (Scope is null || scope == Scope)
            ? null : $"{Class}/{Scope ?? "-"}/{Suppresses} was {bounceClass}/{scope ?? "-"}/{suppresses} by {verdict.Rule ?? "no rule"}: {Line}";
    }

    public static IReadOnlyList<CorpusReply> Read(string name) =>
    [
        .. File.ReadLines(Path.Combine(RepositoryRoot.Path, "tests", "Mta.Tests", "Outcomes", "Corpus", name))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .Select(parts => new CorpusReply(parts[0], parts[1] == "-" ? null : parts[1], parts[2] == "yes", parts[3], parts[4])),
    ];
}
