namespace Delivery.Mta.Tests.Look;

/// <summary>One Mta for all tests of a class.</summary>
public sealed class SharedMta : IAsyncLifetime
{
    internal MtaFixture Mta { get; private set; } = null!;

    public async Task InitializeAsync() => Mta = await MtaFixture.StartAsync();

    public async Task DisposeAsync() => await Mta.DisposeAsync();
}
