using System.Buffers;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Messages;

namespace Delivery.Micro.Tests;

public sealed class BudgetTests
{
    private static readonly IReadOnlyDictionary<string, long> Allowed = Budgets.Read(Budgets.FindFile());

    public static TheoryData<string> Operations => [.. HotOperation.Names];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_allocates_no_more_than_its_budget(string name)
    {
        var bytes = Allocation.BytesOf(name);
        Assert.True(bytes <= Allowed[name], $"{name} allocates {bytes} bytes where bench/budgets.json allows {Allowed[name]}");
    }

    [Fact]
    public void The_message_that_is_measured_is_of_about_5_KB()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(new MessageComposer(new TrackingTokens(Samples.Keys)).TryCompose(Samples.Content(), Samples.Input(1), output, out _));
        Assert.InRange(output.WrittenCount, 4_500, 5_600);
    }

    [Fact]
    public void Every_budget_is_of_an_operation_that_is_measured() =>
        Assert.Equal(HotOperation.Names.Order(), Allowed.Keys.Order());

    [Fact]
    public void An_operation_over_its_budget_or_without_one_fails_the_check_by_name()
    {
        var file = Path.GetTempFileName();
        try
        {
            var budgets = Allowed.ToDictionary();
            budgets["recipient_parse"] = 0;
            budgets.Remove("dot_stuff");
            Budgets.Write(file, budgets);
            using var output = new StringWriter();
            Assert.Equal(1, BudgetCheck.Run(output, file, update: false));
            var lines = output.ToString().Split('\n');
            Assert.Contains(lines, line => line.StartsWith("recipient_parse ", StringComparison.Ordinal) && line.EndsWith("OVER", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.StartsWith("dot_stuff ", StringComparison.Ordinal) && line.EndsWith("HAS NO BUDGET", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
