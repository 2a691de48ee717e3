using Delivery.Mta.Look;

namespace Delivery.Mta.Tests.Look;

public sealed class FindingsTests
{
    [Fact]
    public void The_same_finding_counts_recipients_and_keeps_the_first()
    {
        var findings = new Findings(stored: true);
        for (uint recipient = 3; recipient < 8; recipient++)
        {
            findings.Recipient = recipient;
            findings.Add("a", Severity.Info, "f", $"of {recipient}");
            findings.Add("a", Severity.Info, "f", "again");
        }

        findings.Add("b", Severity.Error, "f", "worse");

        Assert.Equal(["b", "a"], findings.ToList().Select(finding => finding.Code));
        var counted = findings.ToList()[1];
        Assert.Equal((5, 3u, "of 3"), (counted.Count, counted.Example.Ordinal!.Value, counted.Message));
    }

    [Fact]
    public void Findings_that_are_all_different_stay_bounded()
    {
        var findings = new Findings(stored: false);
        for (var i = 0; i < 5_000; i++)
            findings.Add("a", Severity.Info, "f", "m", $"{i}");

        Assert.InRange(findings.ToList().Count, 1, 200);
    }
}
