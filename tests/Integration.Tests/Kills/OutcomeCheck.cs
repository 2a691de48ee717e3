using System.Globalization;
using System.Text.Json;

namespace Delivery.Integration.Tests.Kills;

/// <summary>Every accepted recipient against what the sink, the job API and the raw table say.</summary>
internal sealed class OutcomeCheck(KillLine line, SinkLedger sink, KillRound round, KillPlan plan, Timeline timeline, Violations violations)
{
    private const int InFlight = 1_024;
    private const int Shown = 10;

    public async Task RunAsync()
    {
        var outcomes = await OutcomesAsync();
        var status = await line.StatusAsync(round.Job);
        var wrong = new SortedSet<int>();
        CheckOutcomes(outcomes, wrong);
        CheckCopies(outcomes, wrong);
        CheckStatus(status, outcomes);
        await CheckDimensionsAsync();
        foreach (var ordinal in wrong.Take(Shown))
            violations.Add(await DescribeAsync(ordinal));
    }

    private async Task<Dictionary<int, List<Outcome>>> OutcomesAsync()
    {
        var rows = await line.QueryAsync(
            $"SELECT recipient, kind, uncertain FROM events WHERE account = 1 AND job = {round.Job} AND kind IN ('delivered', 'bounced', 'dropped', 'expired')");
        var outcomes = new Dictionary<int, List<Outcome>>();
        foreach (var row in rows)
        {
            var ordinal = int.Parse(row[0], CultureInfo.InvariantCulture);
            if (!outcomes.TryGetValue(ordinal, out var list))
                outcomes.Add(ordinal, list = []);
            list.Add(new Outcome(row[1], row[2] == "true"));
        }

        return outcomes;
    }

    /// <summary>I1: one outcome each. I4: what is delivered is in the sink, and what the sink refused has bounced.</summary>
    private void CheckOutcomes(Dictionary<int, List<Outcome>> outcomes, SortedSet<int> wrong)
    {
        for (var ordinal = 0; ordinal < round.Recipients; ordinal++)
        {
            var list = outcomes.GetValueOrDefault(ordinal, []);
            var address = Address(ordinal);
            var copies = sink.Copies(address).Count;
            var refused = round.Fault(address) == SinkFault.Refuses;
            var holds = list is [var only] && only.Kind switch
            {
                "delivered" => copies > 0 && !refused,
                "bounced" => refused,
                // Somebody who left while the Mta did not know whether the mail was out.
                "dropped" => copies == 0 || only.Uncertain,
                _ => false,
            };
            if (!holds)
            {
                violations.Add($"recipient {ordinal} has outcomes [{string.Join(", ", list)}] and {copies} copies in the sink");
                wrong.Add(ordinal);
            }
        }

        violations.Check(outcomes.Keys.All(ordinal => ordinal < round.Recipients), "there are outcomes of recipients that do not exist");
    }

    /// <summary>I2: further copies have the same Message-ID, are named, and are no more than were in flight.</summary>
    private void CheckCopies(Dictionary<int, List<Outcome>> outcomes, SortedSet<int> wrong)
    {
        var (extra, unanswered) = (0, 0);
        for (var ordinal = 0; ordinal < round.Recipients; ordinal++)
        {
            var copies = sink.Copies(Address(ordinal));
            extra += Math.Max(0, copies.Count - 1);
            unanswered += copies.Count(copy => !copy.Answered);
            var named = outcomes.GetValueOrDefault(ordinal, []).Any(outcome => outcome.Uncertain);
            if ((copies.Count > 1 || copies.Any(copy => !copy.Answered)) && !named)
            {
                violations.Add($"recipient {ordinal} has {copies.Count} copies in the sink and is not named uncertain");
                wrong.Add(ordinal);
            }

            if (copies.Select(copy => copy.MessageId).Distinct().Count() > 1 || copies.Any(copy => copy.MessageId.Length == 0))
            {
                violations.Add($"the copies of recipient {ordinal} do not have one Message-ID");
                wrong.Add(ordinal);
            }
        }

        var kills = round.Killer["mta"].Kills;
        timeline.Add($"{extra} further copies, {unanswered} answers left out, {kills} kills of the mta");
        violations.Check(extra <= unanswered + (kills * InFlight), $"{extra} further copies after {kills} kills of the mta and {unanswered} answers left out");
        if (plan.Gentle && !plan.Faults)
            violations.Check(extra == 0, $"{extra} further copies although nothing was killed");
    }

    private void CheckStatus(JsonElement status, Dictionary<int, List<Outcome>> outcomes)
    {
        var all = outcomes.Values.SelectMany(list => list).ToList();
        var expected = new Dictionary<string, int>
        {
            ["accepted"] = round.Recipients,
            ["queued"] = 0,
            ["deferred"] = 0,
            ["delivered"] = all.Count(outcome => outcome.Kind == "delivered"),
            ["bounced"] = all.Count(outcome => outcome.Kind == "bounced"),
            ["expired"] = all.Count(outcome => outcome.Kind == "expired"),
            ["dropped"] = all.Count(outcome => outcome.Kind == "dropped"),
            ["uncertain"] = all.Count(outcome => outcome.Uncertain),
        };
        timeline.Add(string.Join(", ", expected.Select(one => $"{one.Key} {one.Value}")));
        foreach (var (name, count) in expected)
            violations.Check(status.GetProperty(name).GetInt32() == count, $"the job API says {name} = {status.GetProperty(name)}, the events say {count}");
        if (plan.Gentle && !plan.Faults)
            violations.Check(expected["uncertain"] == 0, $"{expected["uncertain"]} recipients are uncertain although nothing was killed");
    }

    /// <summary>I1: one job however often it was submitted, with all that the events do not carry.</summary>
    private async Task CheckDimensionsAsync()
    {
        var jobs = line.Spool.Jobs(round.Campaign);
        violations.Check(jobs == round.Job, $"{round.Campaign} is in the spool as [{jobs}], not as {round.Job} alone");
        var rows = await line.QueryAsync(
            $"""
            SELECT (SELECT groupArray(job) FROM jobs FINAL WHERE campaign_id = '{round.Campaign}'),
                (SELECT count() FROM links FINAL WHERE account = 1 AND job = {round.Job}),
                (SELECT count() FROM recipients FINAL WHERE account = 1 AND job = {round.Job}),
                (SELECT count() FROM events WHERE account = 1 AND job = {round.Job} AND kind = 'accepted'),
                (SELECT uniqExact(recipient) FROM events WHERE account = 1 AND job = {round.Job} AND kind = 'accepted')
            """);
        var found = string.Join(' ', rows[0]);
        var links = ExampleJob.Places.Select(place => place.Position).Distinct().Count();
        violations.Check(
            found == $"[{round.Job}] {links} {round.Recipients} {round.Recipients} {round.Recipients}",
            $"jobs, links, recipients, accepted events and their recipients are {found}");
    }

    /// <summary>All that is known about one recipient.</summary>
    private async Task<string> DescribeAsync(int ordinal)
    {
        var address = Address(ordinal);
        var events = await line.QueryAsync(
            $"SELECT time, kind, attempt, smtp_code, uncertain, producer, number, reason, reply FROM events WHERE account = 1 AND job = {round.Job} AND recipient = {ordinal} ORDER BY time, number");
        var reads = round.Readers.Entries.Where(entry => entry.Request.Key.Recipient == ordinal);
        return $"""
            {address}
              spool: {line.Spool.Recipient(round.Job, ordinal)}
              sink: {string.Join("; ", sink.Copies(address))} {round.Fault(address)}
              events: {string.Join("; ", events.Select(row => string.Join(' ', row)))}
              reads: {string.Join("; ", reads)}
            """;
    }

    private string Address(int ordinal) => ExampleJob.Address(round.Campaign, ordinal);
}
