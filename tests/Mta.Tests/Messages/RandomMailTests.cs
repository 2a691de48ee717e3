using System.Text;
using System.Text.Json;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

/// <summary>Random mail, read by Python's library.</summary>
public sealed class RandomMailTests
{
    private static readonly string[] Pieces =
    [
        "a", "word ", " ", "  ", "\t", "\r\n", "é", "ü ", "שלום ", "日本", "😀", "👩\u200d👩\u200d👧", "👍🏽", "e\u0301\u0323", "=?", "?=", "=", "_", "\"", "\\", "<", ">", "(", ")", ",", ";", ":",
        "@", ".", "\u0001", "\u2028", "\u200f", "<a@b.example>", new string('x', 60), new string('y', 120),
    ];

    [Fact]
    public async Task Says_what_was_meant()
    {
        var random = new Random(77);
        var content = Content("<html><body>{{{html}}}</body></html>", "{{{text}}}", "{{subject}}") with
        {
            From = new Mailbox("shop@example.com", "{{from}}"),
            Headers = new Dictionary<string, string> { ["X-Value"] = "{{value}}", ["X-A-Rather-Long-Name-Of-A-Field-That-Leaves-Little-Room-On-Its-First-Line"] = "{{long}}" },
        };
        var compiled = Compile(content, Plain);
        var values = new List<Dictionary<string, string>>();
        for (var i = 0; i < 300; i++)
        {
            values.Add(new Dictionary<string, string>
            {
                ["subject"] = Some(random, 40), ["from"] = Some(random, 12), ["to"] = Some(random, 12), ["value"] = Some(random, 60), ["long"] = Some(random, 8),
                ["html"] = Some(random, 60), ["text"] = Some(random, 60),
            });
        }

        var messages = values.ConvertAll(value => Compose(compiled, Input(JsonSerializer.Serialize(value), name: value["to"])));
        var mails = await PythonMail.ParseAllAsync(messages);
        for (var i = 0; i < mails.Count; i++)
        {
            var (mail, value) = (mails[i], values[i]);
            var whole = Encoding.ASCII.GetString(messages[i]);
            Assert.Equal("[]", mail.GetProperty("defects").GetRawText());
            Assert.InRange(mail.GetProperty("longest").GetInt32(), 1, 998);
            Assert.Equal(0, mail.GetProperty("blank_header_lines").GetInt32());
            Assert.Equal(Clean(value["subject"]), mail.GetProperty("subject").GetString());
            Assert.Equal(Clean(value["value"]), Header(mail, "X-Value") ?? "");
            // Its first line may have room for the name alone; readers drop the blank of the line after that.
            Assert.Equal(Clean(value["long"]), Header(mail, content.Headers.Keys.Last())?.TrimStart(' ') ?? "");
            Assert.Equal((Phrase(value["from"]), "shop@example.com"), Mailbox(mail, "From"));
            Assert.Equal((Phrase(value["to"]), "reader@example.com"), Mailbox(mail, "To"));
            Assert.Equal(Lines(value["text"]), Lines(mail.GetProperty("text").GetString()!));
            Assert.Equal("<html><body>" + Lines(value["html"]) + "</body></html>", Lines(mail.GetProperty("html").GetString()!).TrimEnd('\n'));
            Assert.All(whole.Split("\r\n\r\n")[0].Split("\r\n"), line => Assert.True(line.Length <= 78 || !CanBeFolded(line), line));
        }
    }

    [Fact]
    public void A_long_token_stays_whole_and_blanks_that_cannot_be_folded_are_encoded()
    {
        var token = "<" + new string('a', 800) + "@example.com>";
        var output = new ByteBuffer();
        HeaderWriter.WriteText("X-Reference"u8, Encoding.ASCII.GetBytes("see " + token), output);
        Assert.Contains(token, Encoding.ASCII.GetString(output.Written), StringComparison.Ordinal);
        output.Clear();
        HeaderWriter.WriteText("X-Blanks"u8, Encoding.ASCII.GetBytes("a" + new string(' ', 3_000) + "b"), output);
        Assert.All(Encoding.ASCII.GetString(output.Written).Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
    }

    [Theory]
    [InlineData("e\u0301")]
    [InlineData("👍🏽")]
    [InlineData("👩\u200d👩")]
    public void Encoded_words_are_cut_between_characters_as_readers_see_them(string character)
    {
        for (var shift = 0; shift < 20; shift++)
        {
            var output = new ByteBuffer();
            HeaderWriter.WriteText("Subject"u8, Encoding.UTF8.GetBytes(new string('a', shift) + string.Concat(Enumerable.Repeat(character, 40))), output);
            foreach (var line in Encoding.ASCII.GetString(output.Written).TrimEnd().Split("\r\n"))
            {
                var parts = line[line.IndexOf("=?", StringComparison.Ordinal)..].Split('?');
                var word = parts[2] == "B" ? Encoding.UTF8.GetString(Convert.FromBase64String(parts[3])) : Encoding.UTF8.GetString([.. ReceivedMail.DecodeBytes(parts[3].Replace('_', ' ') + ".").SkipLast(1)]);
                Assert.Equal(0, word.TrimStart('a').Length % character.Length);
            }
        }
    }

    private static bool CanBeFolded(string line)
    {
        for (var i = line.IndexOf(": ", StringComparison.Ordinal) + 2; i + 1 < line.Length; i++)
        {
            if (i > 1 && line[i] == ' ' && line[i - 1] != ' ' && line[i + 1] != ' ')
                return true;
        }
        return false;
    }

    private static string Some(Random random, int pieces) =>
        "w" + string.Concat(Enumerable.Range(0, random.Next(pieces)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static string Clean(string text) => Encoding.UTF8.GetString(HeaderText.Clean(Encoding.UTF8.GetBytes(text), new ByteBuffer()));

    /// <summary>A display name without blanks: Python's library puts one between encoded-words of a name and makes one of several.</summary>
    private static string Phrase(string text) => Clean(text).Replace(" ", "", StringComparison.Ordinal);

    private static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private static string? Header(JsonElement mail, string name) => mail.GetProperty("headers").EnumerateArray()
        .Where(header => header[0].GetString() == name).Select(header => header[1].GetString()).SingleOrDefault();

    private static (string Name, string Address) Mailbox(JsonElement mail, string header)
    {
        var only = Assert.Single(mail.GetProperty("addresses").GetProperty(header).EnumerateArray().ToArray());
        return (Phrase(only[0].GetString()!), only[1].GetString()!);
    }
}
