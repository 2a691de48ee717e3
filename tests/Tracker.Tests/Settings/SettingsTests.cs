using Delivery.Contracts.Settings;
using Delivery.Testing;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker.Tests.Settings;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("--Tracker:Tipo=1", "Tipo")]
    [InlineData("--Redis:Adress=x", "Adress")]
    [InlineData("--Tracker:RecordDeadlineMs=0", "RecordDeadlineMs")]
    [InlineData("--Tracker:RecordDeadlineMs=soon", "Tracker:RecordDeadlineMs")]
    [InlineData("--Tracker:Url=https://127.0.0.1:0", "Tracker:Url")]
    [InlineData("--Tracker:Url=nonsense", "Tracker:Url")]
    [InlineData("--Tracker:KeysFile=", "Tracker:KeysFile")]
    [InlineData("--Tracker:TrustedProxies:0=10.0.0.0/99", "Tracker:TrustedProxies")]
    [InlineData("--Tracker:KeepAcknowledged=1.00:00:00", "KeepAcknowledged")]
    [InlineData("--Redis:Address=127.0.0.1:1,nonsense=1", "Redis:Address")]
    public void A_wrong_setting_stops_the_start_and_is_named(string argument, string named)
    {
        using var folder = new TemporaryFolder();
        var fault = Record.Exception(() => TrackerProgram.Build([$"--Tracker:KeysFile={folder.File("k")}", "--Tracker:Url=http://127.0.0.1:0", argument]));
        Assert.NotNull(fault);
        Assert.True(StartFault.Explains(fault, out _), fault.ToString());
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }
}
