using Delivery.Contracts;
using Delivery.Mta.Spool;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Spool;

public sealed class SeenKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_key_is_new_once_and_never_again_in_memory_or_in_the_file()
    {
        var random = new Random(5);
        var keys = new RecipientKey[SeenKeys.RunKeys * 3 + 1_000];
        using var seen = new SeenKeys(_folder.File("seen"));
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = new RecipientKey((ulong)random.NextInt64(long.MinValue, long.MaxValue), 0);
            Assert.True(seen.Add(keys[i]));
            if (i % 3 == 0)
                Assert.False(seen.Add(keys[random.Next(i + 1)]));
        }

        Assert.Equal(keys.Length, seen.Count);
        foreach (var key in keys)
            Assert.False(seen.Add(key));
        Assert.Equal(keys.Length, seen.Count);
    }

    [Fact]
    public void The_file_goes_with_the_set()
    {
        using (var seen = new SeenKeys(_folder.File("seen")))
        {
            for (var i = 0UL; i < SeenKeys.RunKeys; i++)
                seen.Add(new RecipientKey(i * 0x9E37_79B9_7F4A_7C15, 0));
            Assert.NotEmpty(Directory.EnumerateFiles(_folder.Path));
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();
}
