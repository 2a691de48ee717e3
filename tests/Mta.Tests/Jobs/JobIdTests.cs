using Delivery.Mta.Jobs;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Tests.Jobs;

public sealed class JobIdTests
{
    [Fact]
    public void Ids_rise_are_unique_over_nodes_and_fit_63_bits()
    {
        var one = new JobIds(Options.Create(new MtaOptions { Node = 1 }), TimeProvider.System);
        var other = new JobIds(Options.Create(new MtaOptions { Node = 1023 }), TimeProvider.System);
        var seen = new HashSet<ulong>();
        var last = 0UL;
        for (var i = 0; i < 20_000; i++)
        {
            var id = one.Next();
            Assert.True(id > last);
            Assert.True(id <= long.MaxValue);
            Assert.True(seen.Add(id));
            Assert.True(seen.Add(other.Next()));
            last = id;
        }
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("382776940647415808", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("01", false)]
    [InlineData("+1", false)]
    [InlineData(" 1", false)]
    [InlineData("1 ", false)]
    [InlineData("-1", false)]
    [InlineData("", false)]
    [InlineData("0x1", false)]
    [InlineData("1'--", false)]
    public void Only_the_canonical_form_is_read(string text, bool expected) =>
        Assert.Equal(expected, JobIds.TryParse(text, out _));
}
