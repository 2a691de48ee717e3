using Delivery.Aggregator.Streams;

namespace Delivery.Aggregator.Tests.Streams;

public class StreamIdTests
{
    [Theory]
    [InlineData("5-0", "5-1")]
    [InlineData("1700000000000-41", "1700000000000-42")]
    [InlineData("5-18446744073709551615", "6-0")]
    public void The_id_after_is_the_smallest_above(string id, string next) => Assert.Equal(next, StreamId.After(id));
}
