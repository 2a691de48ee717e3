using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Suppressions;

/// <summary>The suppression API of a real Mta.</summary>
public sealed class SuppressionApiTests
{
    [Fact]
    public async Task What_is_added_is_found_holds_and_can_be_removed_by_reason_and_list()
    {
        await using var mta = await MtaFixture.StartAsync();
        var answer = await AddAsync(mta, new { email = "Person1@Example.com" });
        Assert.Equal("manual", answer.GetProperty("reasons")[0].GetProperty("reason").GetString());
        await AddAsync(mta, new { email = "person1@example.com", reason = "unsubscribe", list = 7, since = "2026-01-02T03:04:05Z" });
        await AddAsync(mta, new { email = "person1@example.com", reason = "unsubscribe", list = 8 });

        var found = await FindAsync(mta, "person1@example.com");
        Assert.True(found.GetProperty("suppressed").GetBoolean());
        Assert.Equal(3, found.GetProperty("reasons").GetArrayLength());
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), found.GetProperty("reasons")[1].GetProperty("since").GetDateTimeOffset());
        Assert.Equal(3, (await FindAsync(mta, found.GetProperty("key").GetString()!)).GetProperty("reasons").GetArrayLength());
        Assert.False((await FindAsync(mta, "person2@example.com")).GetProperty("suppressed").GetBoolean());

        Assert.Equal(1, (await RemoveAsync(mta, "person1@example.com?list=7")).GetProperty("removed").GetInt32());
        Assert.Equal(0, (await RemoveAsync(mta, "person1@example.com?list=7")).GetProperty("removed").GetInt32());
        Assert.Equal(1, (await RemoveAsync(mta, "person1@example.com?reason=manual")).GetProperty("removed").GetInt32());
        var left = await RemoveAsync(mta, "person1@example.com");
        Assert.Equal(1, left.GetProperty("removed").GetInt32());
        Assert.False(left.GetProperty("suppressed").GetBoolean());
        await HeldAsync(mta, 0);
    }

    [Fact]
    public async Task Who_left_a_list_gets_no_mail_of_it_and_other_mail_still_and_the_caller_is_told()
    {
        await using var mta = await MtaFixture.StartAsync();
        await AddAsync(mta, new { email = "person0@example.com", reason = "unsubscribe", list = 7 });
        await AddAsync(mta, new { email = "person1@example.com", reason = "hard_bounce" });
        await HeldAsync(mta, 2);

        var ofList = MtaFixture.Job(3);
        ofList["options"] = new { list = 7 };
        using var answer = await mta.PostAsync(ofList);
        var taken = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(3, taken.GetProperty("accepted").GetInt32());
        Assert.Equal(2, taken.GetProperty("suppressed").GetInt32());
        Assert.Equal(2, (await mta.FinishedAsync(taken.GetProperty("id").GetString()!)).GetProperty("dropped").GetInt64());

        using var other = await mta.PostAsync(MtaFixture.Job(3));
        taken = await other.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(1, taken.GetProperty("suppressed").GetInt32());
        Assert.Equal(1, (await mta.FinishedAsync(taken.GetProperty("id").GetString()!)).GetProperty("dropped").GetInt64());
        Assert.Equal(["person0@example.com", "person2@example.com", "person2@example.com"], mta.Peer.Messages.Select(message => message.Recipient).Order());
    }

    [Fact]
    public async Task A_request_that_does_not_fit_names_its_field()
    {
        (string Body, string Field)[] requests =
        [
            ("{}", "email"),
            ("""{"email":"a@b.example","key":"00112233445566778899aabbccddeeff"}""", "email"),
            ("""{"email":"not an address"}""", "email"),
            ("""{"key":"xyz"}""", "key"),
            ("""{"email":"a@b.example","reason":"because"}""", "reason"),
            ("""{"email":"a@b.example","list":-1}""", "list"),
            ("""{"email":"a@b.example","list":4294967295}""", "list"),
            ("""{"email":"a@b.example","since":"yesterday"}""", "since"),
            ("""{"email":"a@b.example","note":"x"}""", "note"),
        ];
        await using var mta = await MtaFixture.StartAsync();
        foreach (var (body, field) in requests)
        {
            using var answer = await mta.Client.PostAsync("/v1/suppressions", new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task A_bad_line_of_an_import_is_named_and_the_rest_is_taken()
    {
        await using var mta = await MtaFixture.StartAsync();
        var body = """
            {"email":"person1@example.com"}

            no json
            {"email":"person2@example.com","reason":"complaint","list":0,"since":"2025-05-05T05:05:05Z"}
            {"email":"nobody"}
            {"email":"PERSON1@example.com"}
            {"email":"person3@example.com","reason":"unsubscribe","list":12}
            """;
        var answer = await ImportAsync(mta, body, "application/x-ndjson", "?reason=hard_bounce");
        Assert.Equal((7, 3, 1, 2), Counts(answer));
        Assert.Equal([3, 5], answer.GetProperty("rejections").EnumerateArray().Select(one => one.GetProperty("line").GetInt32()));
        Assert.Equal("nobody", answer.GetProperty("rejections")[1].GetProperty("email").GetString());
        Assert.Equal("hard_bounce", (await FindAsync(mta, "person1@example.com")).GetProperty("reasons")[0].GetProperty("reason").GetString());
        Assert.Equal(12, (await FindAsync(mta, "person3@example.com")).GetProperty("reasons")[0].GetProperty("list").GetInt32());

        var csv = await ImportAsync(mta, "email,list\r\n\"person4@example.com\",3\r\nperson5@example.com,x\r\n", "text/csv");
        Assert.Equal((2, 1, 0, 1), Counts(csv));
    }

    [Theory]
    [InlineData("ndjson", "application/x-ndjson")]
    [InlineData("csv", "text/csv")]
    public async Task An_export_of_thousands_is_imported_again_as_it_was(string format, string type)
    {
        await using var mta = await MtaFixture.StartAsync();
        var lines = new StringBuilder();
        for (var i = 0; i < 12_345; i++)
            lines.Append($$"""{"email":"person{{i}}@example.com","reason":"{{(i % 2 == 0 ? "manual" : "unsubscribe")}}","list":{{i % 3}},"since":"2026-0{{1 + i % 9}}-01T00:00:00.123Z"}""").Append('\n');
        Assert.Equal((12_345, 12_345, 0, 0), Counts(await ImportAsync(mta, lines.ToString(), "application/x-ndjson")));

        var exported = await mta.Client.GetStringAsync($"/v1/suppressions?format={format}");
        var some = await mta.Client.GetStringAsync($"/v1/suppressions?format={format}&reason=manual&list=1");
        var redis = await mta.Redis.ConnectAsync();
        await redis.GetServer("127.0.0.1", mta.Redis.Port).FlushAllDatabasesAsync();
        await redis.CloseAsync(allowCommandsToComplete: false);
        var header = format == "csv" ? 1 : 0;
        Assert.Equal(12_345 + header, exported.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(12_345 / 6 + header, some.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(exported));
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new(type);
        content.Headers.ContentEncoding.Add("gzip");
        // Into the account of another key, which has none: keys are what they are.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/suppressions/import") { Content = content };
        request.Headers.Authorization = new("Bearer", MtaFixture.OtherKey);
        using var answer = await mta.Client.SendAsync(request);
        Assert.Equal((12_345, 12_345, 0, 0), Counts(await answer.Content.ReadFromJsonAsync<JsonElement>()));
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/suppressions?format={format}");
        again.Headers.Authorization = new("Bearer", MtaFixture.OtherKey);
        var second = await (await mta.Client.SendAsync(again)).Content.ReadAsStringAsync();
        Assert.Equal(exported.Split('\n').Order().ToArray(), second.Split('\n').Order().ToArray());
    }

    [Fact]
    public async Task Without_Redis_nothing_is_answered_for()
    {
        await using var mta = await MtaFixture.StartAsync();
        await mta.Redis.KillAsync();
        using var answer = await mta.Client.PostAsJsonAsync("/v1/suppressions", new { email = "a@b.example" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        using var import = await mta.Client.PostAsync("/v1/suppressions/import", new StringContent("{\"email\":\"a@b.example\"}", Encoding.UTF8, "application/x-ndjson"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, import.StatusCode);
    }

    internal static async Task<JsonElement> AddAsync(MtaFixture mta, object body)
    {
        using var answer = await mta.Client.PostAsJsonAsync("/v1/suppressions", body);
        var read = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, read.ToString());
        return read;
    }

    /// <summary>Waits until the Mta holds as many as told.</summary>
    internal static async Task HeldAsync(MtaFixture mta, long count) =>
        await Eventually.HoldsAsync(
            async () => (await mta.Client.GetFromJsonAsync<JsonElement>("/status")).GetProperty("suppressions").GetInt64() == count, $"the Mta holds {count} suppressions");

    private static async Task<JsonElement> FindAsync(MtaFixture mta, string address) =>
        await mta.Client.GetFromJsonAsync<JsonElement>($"/v1/suppressions/{address}");

    private static async Task<JsonElement> RemoveAsync(MtaFixture mta, string address)
    {
        using var answer = await mta.Client.DeleteAsync($"/v1/suppressions/{address}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<JsonElement> ImportAsync(MtaFixture mta, string body, string type, string query = "")
    {
        using var answer = await mta.Client.PostAsync("/v1/suppressions/import" + query, new StringContent(body, Encoding.UTF8, type));
        var read = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, read.ToString());
        return read;
    }

    private static (int, int, int, int) Counts(JsonElement answer) =>
        (answer.GetProperty("lines").GetInt32(), answer.GetProperty("added").GetInt32(), answer.GetProperty("known").GetInt32(), answer.GetProperty("rejected").GetInt32());
}
