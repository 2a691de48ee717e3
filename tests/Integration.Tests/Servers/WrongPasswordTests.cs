using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Servers;

/// <summary><c>delivery up --relay</c> to a Postfix that wants a login.</summary>
public sealed class WrongPasswordTests : IDisposable
{
    private const int Recipients = 40;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TemporaryFolder _folder = new();

    [ServerTheory]
    [InlineData("PLAIN LOGIN SCRAM-SHA-256")]
    public async Task A_wrong_password_bounces_nobody_and_the_right_one_in_the_file_sends_all(string mechanisms)
    {
        await using var postfix = await PostfixProcess.StartAsync(stores: true, mechanisms);
        var password = _folder.File("password");
        await File.WriteAllTextAsync(password, "open cinnamon\n");
        File.SetUnixFileMode(password, OwnerOnly);
        var settings = new Dictionary<string, string>
        {
            ["Mta__Smtp__Tls"] = "verified",
            ["Mta__Smtp__TlsCaFile"] = postfix.Certificate,
            ["Mta__Smtp__User"] = PostfixLogin.User,
            ["Mta__Smtp__PasswordFile"] = password,
            ["Mta__Smtp__MaxReconnectDelay"] = "00:00:01",
        };
        await using var up = await UpProcess.StartAsync(settings, "--relay", $"127.0.0.1:{postfix.Port}");
        var job = await ExampleJob.FileAsync(_folder.Path, Recipients);
        var id = (await AskAsync(up, "-H", "Content-Type: application/json", "--data-binary", $"@{job}", $"{up.Mta}/v1/jobs")).GetProperty("id").GetString();

        await Eventually.HoldsAsync(
            async () => (await File.ReadAllTextAsync(Path.Combine(up.Data, "logs", "mta.log"))).Contains("the relay refuses the credentials of Mta:Smtp:User (535", StringComparison.Ordinal),
            "the refusal is told");
        await Eventually.HoldsAsync(() => postfix.Log.Split("authentication failed").Length > 2, "it is tried again");
        Assert.Equal((0, 0, 0), Counts(await AskAsync(up, $"{up.Mta}/v1/jobs/{id}")));
        Assert.Empty(postfix.Delivered());

        await File.WriteAllTextAsync(password, PostfixLogin.Password + "\n");
        JsonElement status = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                status = await AskAsync(up, $"{up.Mta}/v1/jobs/{id}");
                return status.GetProperty("state").GetString() == "finished";
            },
            "the job is finished");

        Assert.Equal((Recipients, 0, 0), Counts(status));
        await Eventually.HoldsAsync(() => postfix.Delivered().Distinct().Count() == Recipients, "Postfix has every message");
        var recipients = (await AskAsync(up, $"{up.Mta}/v1/jobs/{id}/recipients")).GetProperty("recipients").EnumerateArray().ToList();
        Assert.Equal(Recipients, recipients.Count);
        Assert.All(recipients, recipient => Assert.Equal(1, recipient.GetProperty("attempts").GetInt32()));
        Assert.Equal(0, await up.StopAsync());
    }

    public void Dispose() => _folder.Dispose();

    private static (int Delivered, int Bounced, int Deferred) Counts(JsonElement job) =>
        (job.GetProperty("delivered").GetInt32(), job.GetProperty("bounced").GetInt32(), job.GetProperty("deferred").GetInt32());

    private static async Task<JsonElement> AskAsync(UpProcess up, params string[] arguments) => JsonDocument.Parse(await up.CurlAsync(arguments)).RootElement;
}
