using Delivery.Contracts.Tokens;
using Delivery.Testing;

namespace Delivery.Contracts.Tests.Tokens;

public sealed class KeyRingTests
{
    [Fact]
    public void A_new_file_is_readable_by_its_owner_alone_and_holds_the_same_ring_when_loaded_again()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "deep", "er", "keys.json");
        var made = KeyRing.LoadOrCreate(path);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        AssertSame(made, KeyRing.LoadOrCreate(path));
    }

    [Fact]
    public async Task Many_that_create_it_at_once_end_with_the_same_ring()
    {
        for (var round = 0; round < 10; round++)
        {
            using var folder = new TemporaryFolder();
            var path = folder.File("keys.json");
            using var start = new ManualResetEventSlim();
            var makers = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            {
                start.Wait();
                return KeyRing.LoadOrCreate(path);
            })).ToArray();
            start.Set();
            var rings = await Task.WhenAll(makers);
            Assert.All(rings, ring => AssertSame(rings[0], ring));
            Assert.Single(Directory.GetFiles(folder.Path));
        }
    }

    [Fact]
    public void A_rotated_ring_survives_the_file()
    {
        using var folder = new TemporaryFolder();
        var ring = KeyRing.Create().Rotate().Rotate();
        ring.Save(folder.File("k"));
        var loaded = KeyRing.Load(folder.File("k"));
        Assert.Equal(3, loaded.Current);
        AssertSame(ring, loaded);
    }

    [Fact]
    public void Saving_keeps_a_file_that_is_there()
    {
        using var folder = new TemporaryFolder();
        var first = KeyRing.LoadOrCreate(folder.File("k"));
        KeyRing.Create().Save(folder.File("k"));
        AssertSame(first, KeyRing.Load(folder.File("k")));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void All_255_ids_can_be_used_and_no_more()
    {
        var ring = KeyRing.Create();
        for (var i = 0; i < 254; i++)
            ring = ring.Rotate();
        Assert.Equal(255, ring.Current);
        Assert.Throws<InvalidOperationException>(() => ring.Rotate());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"current\":1,\"tracking\":{}}")]
    [InlineData("{\"current\":1,\"tracking\":null,\"recipient_secret\":null}")]
    [InlineData("{\"current\":1,\"tracking\":{\"1\":null},\"recipient_secret\":\"U0VDUkVU\"}")]
    [InlineData("{\"current\":1,\"tracking\":{\"1\":\"U0VDUkVU\"},\"recipient_secret\":\"U0VDUkVU\"}")]
    [InlineData("{\"current\":2,\"tracking\":{\"1\":\"U0VDUkVUU0VDUkVUU0VDUkVUU0VDUkVUU0VDUkVUU0VD\"},\"recipient_secret\":\"U0VDUkVU\"}")]
    [InlineData("{\"current\":1,\"tracking\":{\"1\":\"U0VDUkVUU0VDUkVUU0VDUkVUU0VDUkVUU0VDUkVUU0VD\"},\"recipient_secret\":\"U0VDUkVU\"}")]
    [InlineData("{\"current\":1,\"tracking\":{\"1\":\"U0VDUkVU!!\"},\"recipient_secret\":\"U0VDUkVU\"}")]
    [InlineData("{\"current\":300,\"tracking\":{\"300\":\"U0VDUkVU\"},\"recipient_secret\":\"U0VDUkVU\"}")]
    public void A_file_that_is_no_ring_is_named_and_none_of_its_secrets_is(string content)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("keys.json");
        File.WriteAllText(path, content);
        var fault = Assert.Throws<InvalidDataException>(() => KeyRing.LoadOrCreate(path));
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("U0VDUkVU", fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("line  ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(path));
    }

    private static void AssertSame(KeyRing expected, KeyRing actual)
    {
        Assert.Equal(expected.Current, actual.Current);
        Assert.Equal(expected.RecipientSecret.ToArray(), actual.RecipientSecret.ToArray());
        for (var id = 0; id < 256; id++)
            Assert.Equal(expected.TrackingSecret((byte)id), actual.TrackingSecret((byte)id));
    }
}
