using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Lanes;

/// <summary>Addresses outside ASCII from the job API to the wire, on a real Mta.</summary>
public sealed class InternationalMailTests
{
    [Fact]
    public async Task Mail_that_needs_SMTPUTF8_says_so_and_other_mail_does_not()
    {
        await using var mta = await MtaFixture.StartAsync();

        var status = await mta.FinishedAsync(await mta.SubmitAsync(Job("דנה@bücher.example", "noa@bücher.example")));

        Assert.Equal(2, status.GetProperty("delivered").GetInt64());
        var international = Assert.Single(mta.Peer.Messages, m => Utf8(m.Recipient) == "דנה@xn--bcher-kva.example");
        Assert.EndsWith(" SMTPUTF8", international.MailLine);
        Assert.Contains("To: דנה@xn--bcher-kva.example\r\n", Encoding.UTF8.GetString(international.Raw), StringComparison.Ordinal);
        var plain = Assert.Single(mta.Peer.Messages, m => m.Recipient == "noa@xn--bcher-kva.example");
        Assert.DoesNotContain("SMTPUTF8", plain.MailLine);
        Assert.True(Ascii.IsValid(plain.Raw));
    }

    [Fact]
    public async Task A_relay_without_SMTPUTF8_gets_the_others_and_the_bounce_says_why()
    {
        await using var mta = await MtaFixture.StartAsync();
        mta.Peer.Extensions = ["PIPELINING", "8BITMIME"];

        var job = await mta.SubmitAsync(Job("דנה@example.com", "noa@example.com"));
        var status = await mta.FinishedAsync(job);

        Assert.Equal((1, 1), (status.GetProperty("delivered").GetInt64(), status.GetProperty("bounced").GetInt64()));
        var list = await mta.Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{job}/recipients?state=bounced");
        var bounced = Assert.Single(list.GetProperty("recipients").EnumerateArray());
        Assert.Equal("דנה@example.com", bounced.GetProperty("email").GetString());
        Assert.Equal("553 5.6.7 the recipient's address needs SMTPUTF8, which the peer does not offer", bounced.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_sender_outside_ASCII_works_and_the_check_tells_what_it_means()
    {
        await using var mta = await MtaFixture.StartAsync();
        var job = Job("noa@example.com");
        job["content"] = new { from = new { email = "grüße@example.com", name = "Grüße" }, subject = "Hi", text = "t" };
        var id = await mta.SubmitAsync(job);

        Assert.Equal(1, (await mta.FinishedAsync(id)).GetProperty("delivered").GetInt64());

        Assert.StartsWith("MAIL FROM:<grüße@example.com>", Utf8(Assert.Single(mta.Peer.Messages).MailLine));
        using var answer = await mta.Client.PostAsync($"/v1/jobs/{id}/check", null);
        var findings = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("findings").EnumerateArray();
        var finding = Assert.Single(findings, f => f.GetProperty("code").GetString() == "address_needs_smtputf8");
        Assert.Equal(("warning", "content.from"), (finding.GetProperty("severity").GetString(), finding.GetProperty("field").GetString()));
    }

    private static Dictionary<string, object?> Job(params string[] addresses)
    {
        var job = MtaFixture.Job(0);
        job["recipients"] = addresses.Select(address => new { address }).ToList();
        return job;
    }

    /// <summary>The peer reads bytes as Latin-1.</summary>
    private static string Utf8(string latin1) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin1));
}
