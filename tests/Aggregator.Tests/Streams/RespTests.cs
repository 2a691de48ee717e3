using System.Text;
using Delivery.Aggregator.Streams;

namespace Delivery.Aggregator.Tests.Streams;

public class RespTests
{
    private static readonly string Two =
        "*2\r\n*2\r\n$3\r\n7-1\r\n*8\r\n$1\r\np\r\n$2\r\n11\r\n$1\r\nn\r\n$1\r\n5\r\n$1\r\nc\r\n$1\r\n2\r\n$1\r\ne\r\n$4\r\na\r\nb\r\n"
        + "*2\r\n$3\r\n8-0\r\n*4\r\n$4\r\nwhat\r\n$0\r\n\r\n$1\r\np\r\n$1\r\nx\r\n";

    [Fact]
    public void An_answer_ends_where_it_ends_however_it_is_cut_into_pieces()
    {
        var bytes = Encoding.ASCII.GetBytes(Two);
        for (var step = 1; step <= bytes.Length; step++)
        {
            var answer = new RespAnswer();
            for (var length = Math.Min(step, bytes.Length); ; length = Math.Min(length + step, bytes.Length))
            {
                Assert.Equal(length == bytes.Length, answer.IsWhole(bytes.AsSpan(0, length)));
                if (length == bytes.Length)
                    break;
            }
        }
    }

    [Fact]
    public void Entries_come_with_their_header_or_with_what_is_wrong_with_it()
    {
        var page = new List<StreamEntry>();
        RespEntries.Read(Encoding.ASCII.GetBytes(Two), page);
        Assert.Equal(["7-1", "8-0"], page.Select(entry => entry.Id));
        Assert.Equal((11UL, 5UL, 2, "a\r\nb", (HeaderFault?)null), (page[0].Producer, page[0].FirstNumber, page[0].Count, Encoding.ASCII.GetString(page[0].Records.Span), page[0].Fault));
        Assert.Equal(new HeaderFault("no producer", "x", "", ""), page[1].Fault);
        page.Clear();
        RespEntries.Read("*0\r\n"u8.ToArray(), page);
        Assert.Empty(page);
    }

    [Theory]
    [InlineData("hello\r\n")]
    [InlineData("\r\n")]
    [InlineData("*1\r\n*x\r\n")]
    [InlineData("+OK\r\n+more\r\n")]
    public void What_is_no_answer_is_refused(string text) =>
        Assert.Throws<InvalidDataException>(() => new RespAnswer().IsWhole(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_refusal_carries_the_words_of_Redis() =>
        Assert.Equal("MOVED 1 h:2", Assert.Throws<RespException>(() => RespEntries.Read("-MOVED 1 h:2\r\n"u8.ToArray(), [])).Refusal);

    [Fact]
    public void Damaged_answers_never_read_beyond_their_end()
    {
        var random = new Random(9);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.ASCII.GetBytes(Two);
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                if (new RespAnswer().IsWhole(bytes))
                    RespEntries.Read(bytes, []);
            }
            catch (Exception e) when (e is InvalidDataException or RespException)
            {
            }
        }
    }
}
