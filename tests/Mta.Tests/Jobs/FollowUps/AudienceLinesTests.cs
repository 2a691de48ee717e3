using System.IO.Pipelines;
using System.Text;
using Delivery.Mta.Jobs.FollowUps;

namespace Delivery.Mta.Tests.Jobs.FollowUps;

/// <summary>An audience is taken where it came whole, and else not at all.</summary>
public sealed class AudienceLinesTests
{
    private const string Sound =
        "{\"recipient\":0,\"upstream_id\":\"a\"}\n{\"recipient\":3,\"upstream_id\":\"{\\\"people\\\":9}\"}\n{\"upstream_id\":\"\",\"more\":{\"people\":[1]},\"recipient\":64}\n{\"end\":true,\"people\":3}\n";

    [Fact]
    public async Task It_does_not_depend_on_how_the_bytes_come_in()
    {
        var bytes = Encoding.UTF8.GetBytes(Sound);
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var pipe = new Pipe();
            var people = new AudienceSet(100);
            var reading = new AudienceLines(people).ReadAsync(pipe.Reader.AsStream(), () => { }, default);
            for (var sent = 0; sent < bytes.Length;)
            {
                var part = Math.Min(random.Next(1, 40), bytes.Length - sent);
                await pipe.Writer.WriteAsync(bytes.AsMemory(sent, part));
                sent += part;
            }

            await pipe.Writer.CompleteAsync();
            Assert.True(await reading);
            Assert.Equal(3, people.People);
            Assert.Equal([0u, 3u, 64u], All(people, 100));
        }
    }

    [Fact]
    public async Task Cut_anywhere_it_is_not_whole()
    {
        for (var length = 0; length < Sound.Length; length++)
            Assert.False(await IsWholeAsync(Sound[..length]), $"cut at {length}");
        Assert.True(await IsWholeAsync(Sound));
    }

    [Theory]
    [InlineData("{\"end\":true,\"people\":1}\n")]
    [InlineData("{\"recipient\":1}\n{\"recipient\":1}\n{\"end\":true,\"people\":2}\n")]
    [InlineData("{\"recipient\":2}\n{\"recipient\":1}\n{\"end\":true,\"people\":2}\n")]
    [InlineData("{\"recipient\":-1}\n{\"end\":true,\"people\":1}\n")]
    [InlineData("{\"recipient\":4294967296}\n{\"end\":true,\"people\":1}\n")]
    [InlineData("{\"recipient\":\"1\"}\n{\"end\":true,\"people\":1}\n")]
    [InlineData("{\"end\":true,\"people\":0}\n{\"recipient\":1}\n")]
    [InlineData("{\"end\":true,\"people\":0}\n\n")]
    [InlineData("\n{\"end\":true,\"people\":0}\n")]
    [InlineData("<html>login</html>\n")]
    [InlineData("[1]\n")]
    public async Task What_is_none_of_the_reports_is_not_whole(string text) => Assert.False(await IsWholeAsync(text));

    [Fact]
    public async Task A_line_without_end_is_not_kept()
    {
        using var endless = new MemoryStream(Encoding.UTF8.GetBytes("{\"recipient\":" + new string(' ', 1 << 20)));
        Assert.False(await new AudienceLines(new AudienceSet(1)).ReadAsync(endless, () => { }, default));
        Assert.True(endless.Position < 1 << 18);
    }

    [Fact]
    public void A_set_gives_what_was_put_into_it_in_order()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var size = random.Next(1, 400);
            var people = new AudienceSet(size);
            var expected = new SortedSet<uint>();
            for (var i = random.Next(0, size); i > 0; i--)
                expected.Add((uint)random.Next(0, size));
            foreach (var ordinal in expected)
                people.Add(ordinal);
            people.Add((uint)size);
            people.Add(uint.MaxValue);
            Assert.Equal(expected.Count + 2, people.People);
            Assert.Equal(expected, All(people, (uint)size));
            Assert.Equal(expected, Enumerable.Range(0, size + 70).Select(n => (uint)n).Where(people.Contains));
        }

        Assert.Null(new AudienceSet(0).Next(0));
    }

    private static async Task<bool> IsWholeAsync(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await new AudienceLines(new AudienceSet(100)).ReadAsync(stream, () => { }, default);
    }

    private static List<uint> All(AudienceSet people, uint size)
    {
        var all = new List<uint>();
        for (var next = people.Next(0); next is { } ordinal; next = ordinal + 1 < size ? people.Next(ordinal + 1) : null)
            all.Add(ordinal);
        return all;
    }
}
