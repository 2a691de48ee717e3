using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Contracts.Dkim;
using Delivery.Mta.Tests.Smtp;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Dkim;

/// <summary>The whole program with a folder of keys.</summary>
public sealed class RunningMtaTests
{
    [ToolFact(DkimPy.Tool)]
    public async Task Keys_come_and_go_without_a_restart_and_what_arrives_verifies()
    {
        await using var mta = await MtaFixture.StartAsync();
        await SendAsync(mta);
        Assert.All(mta.Peer.Messages, message => Assert.DoesNotContain("DKIM-Signature", message.Text, StringComparison.Ordinal));
        Assert.Contains("from_domain_without_key", await CodesAsync(mta));

        var file = TestKeys.Create(mta.Folder("dkim"), "shop.example", "a");
        await DomainsAsync(mta, 1);
        var before = mta.Peer.Messages.Count;
        await SendAsync(mta, attachment: true);
        var signed = mta.Peer.Messages.Skip(before).Select(message => message.Raw).ToList();
        using (var key = DkimPrivateKey.Read(file))
        {
            var records = new Dictionary<string, string> { ["a._domainkey.shop.example"] = "v=DKIM1; k=rsa; p=" + Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()) };
            Assert.All(await DkimPy.VerifyAsync(records, signed), verdicts => Assert.Equal([true], verdicts));
        }

        Assert.Equal(20, signed.Count);
        Assert.DoesNotContain("from_domain_without_key", await CodesAsync(mta));
        Assert.Equal(20, (await StatusAsync(mta)).GetProperty("dkim_signatures").GetInt32());

        File.Move(file.Path, (file with { State = DkimKeyState.Retired }).Path);
        await DomainsAsync(mta, 0);
        before = mta.Peer.Messages.Count;
        await SendAsync(mta);
        Assert.All(mta.Peer.Messages.Skip(before), message => Assert.DoesNotContain("DKIM-Signature", message.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sandbox_job_costs_no_signatures()
    {
        await using var mta = await MtaFixture.StartAsync();
        TestKeys.Create(mta.Folder("dkim"), "shop.example", "a");
        await DomainsAsync(mta, 1);
        var job = MtaFixture.Job(20);
        job["options"] = new { sandbox = true };
        await mta.FinishedAsync(await mta.SubmitAsync(job));
        Assert.Equal(0, (await StatusAsync(mta)).GetProperty("dkim_signatures").GetInt32());
    }

    [Fact]
    public async Task A_key_that_others_can_read_stops_the_start_with_one_line_and_is_counted_while_it_runs()
    {
        await using var mta = await MtaFixture.StartAsync();
        var file = TestKeys.Create(mta.Folder("dkim"), "shop.example", "a");
        File.SetUnixFileMode(file.Path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await Eventually.HoldsAsync(async () => (await StatusAsync(mta)).GetProperty("dkim_faults").GetInt32() == 1, "the fault is seen");
        Assert.Equal(0, await mta.Program.StopAsync());

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => mta.Program.LaunchAsync());

        Assert.Contains("ended with 2", refused.Message, StringComparison.Ordinal);
        var line = Assert.Single(mta.Program.Output, line => line.StartsWith("mta: ", StringComparison.Ordinal));
        Assert.Contains("chmod 600", line, StringComparison.Ordinal);
        Assert.DoesNotContain(mta.Program.Output, text => text.Contains("   at Delivery", StringComparison.Ordinal));
    }

    private static async Task SendAsync(MtaFixture mta, bool attachment = false)
    {
        var job = MtaFixture.Job(20);
        if (attachment)
            ((Dictionary<string, object?>)job["content"]!)["attachments"] = new[] { new { name = "a.bin", type = "application/octet-stream", data = new byte[5_000] } };
        var status = await mta.FinishedAsync(await mta.SubmitAsync(job));
        Assert.Equal(20, status.GetProperty("delivered").GetInt32());
    }

    private static Task DomainsAsync(MtaFixture mta, int count) =>
        Eventually.HoldsAsync(async () => (await StatusAsync(mta)).GetProperty("dkim_domains").GetInt32() == count, $"{count} domains have keys");

    private static Task<JsonElement> StatusAsync(MtaFixture mta) => mta.Client.GetFromJsonAsync<JsonElement>("/status");

    private static async Task<List<string?>> CodesAsync(MtaFixture mta)
    {
        var job = MtaFixture.Job(1);
        using var answer = await mta.Client.PostAsJsonAsync("/v1/preview", new { content = job["content"], recipients = job["recipients"] });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var mail = (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateObject().First().Value[0];
        return [.. mail.GetProperty("warnings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString())];
    }
}
