using System.Net;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Access;
using Delivery.Contracts.Webhooks;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Webhooks;

[Collection(SharedStoresCollection.Name)]
public class DisabledAccountTests(SharedStores stores)
{
    [Fact]
    public async Task A_disabled_account_is_sent_nothing_and_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "accounts.json");
        await WriteAsync(file, disabled: false);
        await using var installation = await stores.InstallAsync();
        await using var receiver = await Receiver.StartAsync();
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.Does = async (context, _) =>
        {
            context.Response.StatusCode = 500;
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => left.TrySetResult(), TaskScheduler.Default);
        };
        var aggregator = await installation.StartAggregatorAsync(leaseTime: "00:00:02", settings: HookedInstallation.Settings($"--Access:File={file}"));
        var (id, _) = await aggregator.HookAsync(receiver.Url);
        var (traffic, producer) = (new Traffic(131), installation.NewProducer(1));
        await producer.PublishAsync(traffic.More(10));
        await Eventually.HoldsAsync(() => !receiver.All.IsEmpty, "a request is under way");

        await WriteAsync(file, disabled: true);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(15));
        var keys = new WebhookKeys(installation.Options);
        await Eventually.HoldsAsync(async () => !await installation.Redis.KeyExistsAsync(keys.Lease(id)), "nobody sends for it");
        Assert.Equal(HttpStatusCode.Unauthorized, (await aggregator.CallAsync(HttpMethod.Get, "/v1/webhooks")).Status);
        var asked = receiver.All.Count;
        receiver.Does = (_, _) => Task.CompletedTask;
        await producer.PublishAsync(traffic.More(10));
        await installation.DrainedAsync();

        // Another account's webhooks find a sender: whoever hands them out passed over this one.
        foreach (var path in (string[])["/a", "/b"])
        {
            var (status, other) = await aggregator.CallAsync(HttpMethod.Post, "/v1/webhooks", $$"""{"url":"{{receiver.Url}}{{path}}"}""", Installation.OtherKey);
            Assert.Equal(HttpStatusCode.Created, status);
            await Eventually.HoldsAsync(async () => await installation.Redis.KeyExistsAsync(keys.Lease(other.GetProperty("id").GetString()!)), "it has a sender");
        }

        Assert.False(await installation.Redis.KeyExistsAsync(keys.Lease(id)));
        Assert.Equal(asked, receiver.All.Count);

        await WriteAsync(file, disabled: false);
        await Eventually.HoldsAsync(() => receiver.Events.Count() >= 20, "all arrived");
        Assert.Equal(20, receiver.Events.Select(e => e.GetProperty("event_id").GetString()).Distinct().Count());
    }

    private static async Task WriteAsync(string file, bool disabled)
    {
        var account = new Account { Id = Installation.Account, Name = "hooked", Keys = [], Disabled = disabled };
        await File.WriteAllBytesAsync(file, new AccountsFile { Accounts = [account] }.ToJson());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
