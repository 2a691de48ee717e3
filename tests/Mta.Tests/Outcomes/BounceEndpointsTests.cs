using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Outcomes;

/// <summary>Replies on their way into the list of the unknown, on a real Mta.</summary>
public sealed class BounceEndpointsTests
{
    [Fact]
    public async Task Unknown_replies_are_listed_without_addresses_and_a_known_one_suppresses_its_address()
    {
        await using var mta = await MtaFixture.StartAsync();
        mta.Peer.Script = exchange => exchange.Step != SmtpStep.Rcpt ? null
            : exchange.Recipient == "person0@example.com" ? "550 5.1.1 <person0@example.com>: User unknown"
            : $"550 qzx wvk <{exchange.Recipient}>";

        var status = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));

        Assert.Equal(3, status.GetProperty("bounced").GetInt64());
        var list = await mta.Client.GetFromJsonAsync<JsonElement>("/v1/bounces/unknown");
        var reply = Assert.Single(list.GetProperty("replies").EnumerateArray());
        Assert.Equal((550, "", "qzx wvk <address>", 2), (
            reply.GetProperty("code").GetInt32(), reply.GetProperty("enhanced_status").GetString(), reply.GetProperty("text").GetString(), reply.GetProperty("count").GetInt64()));
    }

    [Fact]
    public async Task A_reply_is_classified_on_request_with_the_operator_s_rules()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("rules.json"), """{"rules": [{"name": "mine", "class": "rate_limited", "scope": "site", "text": ["hourly quota"], "treat_as": "deferred"}]}""");
        await using var mta = await MtaFixture.StartAsync(("Mta__BounceRulesFile", folder.File("rules.json")));

        var known = await ClassifyAsync("550 5.1.1 No such user");
        Assert.Equal(("invalid_recipient", "recipient", "bounced", true), (
            known.GetProperty("class").GetString(), known.GetProperty("scope").GetString(), known.GetProperty("result").GetString(), known.GetProperty("suppresses").GetBoolean()));
        var mine = await ClassifyAsync("554 over your hourly quota, try again in 300 seconds");
        Assert.Equal(("mine", "deferred", 300), (mine.GetProperty("rule").GetString(), mine.GetProperty("result").GetString(), mine.GetProperty("retry_in_seconds").GetInt32()));
        Assert.Equal(JsonValueKind.Null, (await ClassifyAsync("554 qzx")).GetProperty("rule").ValueKind);

        Task<JsonElement> ClassifyAsync(string reply) => mta.Client.GetFromJsonAsync<JsonElement>("/v1/bounces/classify?reply=" + Uri.EscapeDataString(reply));
    }

    [Theory]
    [InlineData("/v1/bounces/classify?reply=hello", "reply")]
    [InlineData("/v1/bounces/classify?reply=250%20ok", "reply")]
    [InlineData("/v1/bounces/classify?reply=550%20x&from=y", "from")]
    [InlineData("/v1/bounces/unknown?limit=0", "limit")]
    [InlineData("/v1/bounces/unknown?after=1", "after")]
    public async Task A_question_that_is_not_understood_names_the_field(string path, string field)
    {
        await using var mta = await MtaFixture.StartAsync();
        using var answer = await mta.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("field").GetString());
        using var stranger = new HttpClient { BaseAddress = mta.Client.BaseAddress };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
    }
}
