using System.Globalization;
using System.Text;
using Delivery.Contracts.Events;
using Xunit.Abstractions;

namespace Delivery.Aggregator.Tests.Hindsight;

/// <summary>How often hindsight is right about made-up readers of known habits.</summary>
public sealed class HabitTests(ITestOutputHelper output)
{
    private const int Each = 400;

    /// <summary>These cannot be told from people by what they do; docs/classes.md says so.</summary>
    private static readonly string[] Missed =
        ["scanner: one link, half a minute later, as a browser", "scanner: three of eight links, seconds apart"];

    [Fact]
    public void People_are_taken_for_scanners_less_than_once_in_two_hundred_times_and_scanners_of_plain_habits_are_seen()
    {
        var random = new Random(11);
        var reasons = new SortedDictionary<string, (int Right, int Wrong)>(StringComparer.Ordinal);
        var (people, misjudged, machines, seen) = (0, 0, 0, 0);
        var table = new StringBuilder("| habit | events | called a scanner's |\n|---|---|---|\n");
        foreach (var (name, machine, make) in ReaderHabits.All)
        {
            var (events, called) = (0, 0);
            for (var i = 0; i < Each; i++)
            {
                foreach (var (_, isMachine, verdict) in make(random).Judge())
                {
                    var scanner = verdict.Class == ReaderClass.Scanner;
                    if (scanner)
                    {
                        var (right, wrong) = reasons.GetValueOrDefault(verdict.Reason!);
                        reasons[verdict.Reason!] = isMachine ? (right + 1, wrong) : (right, wrong + 1);
                    }

                    (people, misjudged) = isMachine ? (people, misjudged) : (people + 1, misjudged + (scanner ? 1 : 0));
                    (machines, seen) = isMachine ? (machines + 1, seen + (scanner ? 1 : 0)) : (machines, seen);
                    if (isMachine == machine)
                        (events, called) = (events + 1, called + (scanner ? 1 : 0));
                }
            }

            var rate = (double)called / events;
            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {events} | {rate:P1} |");
            Assert.True(machine == Missed.Contains(name) || (machine ? rate >= 0.95 : rate <= 0.005), $"{name}: {rate:P1}");
        }

        output.WriteLine(table.ToString());
        table.Clear().Append("| reason | scanners' events | people's events | precision | recall |\n|---|---|---|---|---|\n");
        foreach (var (reason, (right, wrong)) in reasons)
            table.AppendLine(CultureInfo.InvariantCulture, $"| `{reason}` | {right} | {wrong} | {(double)right / (right + wrong):P2} | {(double)right / machines:P1} |");
        output.WriteLine(table.ToString());
        output.WriteLine($"people misjudged {misjudged} of {people}; scanners' events seen {seen} of {machines}");
        Assert.InRange((double)misjudged / people, 0, 0.005);
        Assert.InRange((double)seen / machines, 0.9, 1);
        Assert.All(reasons.Values, one => Assert.True(one.Wrong <= one.Right * 0.005));
    }
}
