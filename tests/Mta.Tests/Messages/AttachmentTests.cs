using System.Text;
using System.Text.Json;
using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Messages;

public sealed class AttachmentTests
{
    private static readonly byte[] Pdf = Bytes(10_000);
    private static readonly byte[] Png = Bytes(333);

    [Theory]
    [InlineData(false, 0, 0, "text/plain")]
    [InlineData(false, 0, 2, "mixed(text/plain,application/pdf,application/pdf)")]
    [InlineData(true, 0, 0, "alternative(text/plain,text/html)")]
    [InlineData(true, 0, 1, "mixed(alternative(text/plain,text/html),application/pdf)")]
    [InlineData(true, 2, 0, "alternative(text/plain,related(text/html,image/png,image/png))")]
    [InlineData(true, 1, 1, "mixed(alternative(text/plain,related(text/html,image/png)),application/pdf)")]
    public async Task Parts_nest_as_readers_expect(bool html, int images, int attachments, string tree)
    {
        var content = Content(html ? "<p>Hi {{name}} <img src='cid:i0'></p>" : null, html ? null : "Hi {{name}}\n") with
        {
            InlineImages = [.. Enumerable.Range(0, images).Select(i => new Attachment($"i{i}", "image/png", Png))],
            Attachments = [.. Enumerable.Range(0, attachments).Select(i => new Attachment($"a{i}.pdf", "application/pdf", Pdf))],
        };
        var message = Compose(Compile(content, Plain), Input("""{"name":"Noa"}"""));
        var mail = await PythonMail.ParseAsync(message);

        Assert.Equal("[]", mail.GetProperty("defects").GetRawText());
        Assert.Equal(tree, mail.GetProperty("tree").GetString());
        Assert.InRange(mail.GetProperty("longest").GetInt32(), 1, 78);
        Assert.EndsWith("\r\n", Encoding.ASCII.GetString(message), StringComparison.Ordinal);
        Assert.StartsWith("Hi Noa", mail.GetProperty("text").GetString(), StringComparison.Ordinal);
        if (html)
            Assert.Equal("<p>Hi Noa <img src='cid:i0'></p>", mail.GetProperty("html").GetString()!.Trim());
        var files = mail.GetProperty("files").EnumerateArray().ToArray();
        Assert.Equal(images + attachments, files.Length);
        foreach (var file in files)
        {
            var inline = file.GetProperty("disposition").GetString() == "inline";
            Assert.Equal(inline ? Png : Pdf, file.GetProperty("data").GetBytesFromBase64());
            Assert.Equal(inline ? $"<{file.GetProperty("name").GetString()}>" : null, file.GetProperty("cid").GetString());
        }
    }

    [Theory]
    [InlineData("report.pdf", "report.pdf", "report.pdf")]
    [InlineData("Bericht für März.pdf", "Bericht für März.pdf", "Bericht f_r M_rz.pdf")]
    [InlineData("חשבונית 2026 👋.pdf", "חשבונית 2026 👋.pdf", "_______ 2026 _.pdf")]
    [InlineData("a \"quoted\" name.txt", "a \"quoted\" name.txt", "a _quoted_ name.txt")]
    [InlineData("semi;colon=and,comma's (1) 100%.txt", "semi;colon=and,comma's (1) 100%.txt", "semi;colon=and,comma's (1) 100%.txt")]
    [InlineData("../../etc/passwd", "passwd", "passwd")]
    [InlineData("C:\\Users\\me\\plan.doc", "plan.doc", "plan.doc")]
    [InlineData("=?utf-8?Q?x?=.txt", "=?utf-8?Q?x?=.txt", "=_utf-8_Q_x_=.txt")]
    public async Task A_name_arrives_as_it_was_given(string given, string name, string fallback)
    {
        var file = await SendAsync(new Attachment(given, "application/octet-stream", [1, 2, 3]));
        Assert.Equal(name, file.GetProperty("name").GetString());
        Assert.Equal(fallback, file.GetProperty("fallback").GetString());
    }

    [Fact]
    public async Task Random_names_arrive_as_they_were_given()
    {
        string[] pieces = ["a", "Report", " ", "-", "é", "שלום", "👋", "e\u0301", "'", "%41", "*", ";", "=", "(", "日本語", ".", "_"];
        var random = new Random(11);
        var names = new List<string>();
        while (names.Count < 200)
        {
            var name = "x" + string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)])) + ".bin";
            if (Encoding.UTF8.GetByteCount(name) <= AttachmentName.MaxBytes)
                names.Add(name);
        }

        var messages = names.ConvertAll(name => Compose(Compile(Content(text: "t") with { Attachments = [new Attachment(name, "application/octet-stream", [1])] }, Plain), Input()));
        var mails = await PythonMail.ParseAllAsync(messages);
        Assert.Equal(names, mails.Select(mail => mail.GetProperty("files")[0].GetProperty("name").GetString()));
        Assert.All(mails, mail => Assert.Equal("[]", mail.GetProperty("defects").GetRawText()));
        Assert.All(mails, mail => Assert.InRange(mail.GetProperty("longest").GetInt32(), 1, 78));
    }

    [Fact]
    public async Task Parameters_of_a_type_are_kept()
    {
        var file = await SendAsync(new Attachment("a.txt", "Text/Plain; CharSet=\"utf-8\"", "שלום"u8.ToArray()));
        Assert.Equal(("text/plain", "utf-8"), (file.GetProperty("type").GetString(), file.GetProperty("charset").GetString()));
    }

    [Fact]
    public async Task Data_of_every_length_arrives()
    {
        var messages = Enumerable.Range(0, 180).Select(length =>
            Compose(Compile(Content(text: "t") with { Attachments = [new Attachment("a", "application/x-a", Bytes(length))] }, Plain), Input())).ToArray();
        var mails = await PythonMail.ParseAllAsync(messages);
        for (var length = 0; length < mails.Count; length++)
            Assert.Equal(Bytes(length), mails[length].GetProperty("files")[0].GetProperty("data").GetBytesFromBase64());
    }

    [Theory]
    [InlineData("a\r\nBcc: x@y.example", "text/plain", "content.attachments[0].name")]
    [InlineData("a\0", "text/plain", "content.attachments[0].name")]
    [InlineData("cod\u202efdp.exe", "text/plain", "content.attachments[0].name")]
    [InlineData("", "text/plain", "content.attachments[0].name")]
    [InlineData("folder/", "text/plain", "content.attachments[0].name")]
    [InlineData("..", "text/plain", "content.attachments[0].name")]
    [InlineData("a", "", "content.attachments[0].type")]
    [InlineData("a", "pdf", "content.attachments[0].type")]
    [InlineData("a", "application/", "content.attachments[0].type")]
    [InlineData("a", "application/pdf\r\nBcc: x@y.example", "content.attachments[0].type")]
    [InlineData("a", "application/pdf; a", "content.attachments[0].type")]
    [InlineData("a", "application/pdf; a=\"b\r\nc\"", "content.attachments[0].type")]
    [InlineData("a", "application/pdf; a=\"b", "content.attachments[0].type")]
    [InlineData("a", "application/pdf; a*=b", "content.attachments[0].type")]
    [InlineData("a", "application/pdf; a=1; A=2", "content.attachments[0].type")]
    [InlineData("a", "application/pdf; name=b.exe", "content.attachments[0].type")]
    [InlineData("a", "application/pdf (comment)", "content.attachments[0].type")]
    [InlineData("a", "message/rfc822", "content.attachments[0].type")]
    [InlineData("a", "multipart/mixed; boundary=b", "content.attachments[0].type")]
    public void What_is_wrong_with_one_is_said_of_it(string name, string type, string field) =>
        Assert.Equal(field, Assert.Single(Errors(Content(text: "t") with { Attachments = [new Attachment(name, type, [1])] })).Field);

    [Theory]
    [InlineData("a b", "image/png", "content.inline_images[0].name")]
    [InlineData("a>b", "image/png", "content.inline_images[0].name")]
    [InlineData("é", "image/png", "content.inline_images[0].name")]
    [InlineData("a@b@c", "image/png", "content.inline_images[0].name")]
    [InlineData("a/b", "image/png", "content.inline_images[0].name")]
    [InlineData("a", "text/html", "content.inline_images[0].type")]
    public void What_is_wrong_with_an_image_is_said_of_it(string name, string type, string field) =>
        Assert.Equal(field, Assert.Single(Errors(Content("<p>") with { InlineImages = [new Attachment(name, type, [1])] })).Field);

    [Fact]
    public void Images_need_html_and_names_of_their_own()
    {
        var image = new Attachment("a", "image/png", [1]);
        Assert.Equal("content.inline_images", Assert.Single(Errors(Content(text: "t") with { InlineImages = [image] })).Field);
        Assert.Equal("content.inline_images[1].name", Assert.Single(Errors(Content("<p>") with { InlineImages = [image, image] })).Field);
    }

    [Fact]
    public void Count_and_size_are_bounded_over_both_lists()
    {
        var small = new Attachment("a", "image/png", [1]);
        Attachment[] many = [.. Enumerable.Repeat(small, AttachmentCompiler.MaxCount)];
        Compile(Content("<p>") with { Attachments = many });
        Assert.Equal("content.attachments", Assert.Single(Errors(Content("<p>") with { Attachments = many, InlineImages = [small] })).Field);
        var half = new byte[AttachmentCompiler.MaxTotalBytes / 2];
        Compile(Content("<p>") with { Attachments = [new Attachment("a", "a/b", half)], InlineImages = [small with { Data = half }] });
        Assert.Contains("20971521", Assert.Single(Errors(Content("<p>") with { Attachments = [new Attachment("a", "a/b", half), small], InlineImages = [small with { Data = half }] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Composing_copies_nothing_of_them()
    {
        var compiled = Compile(Content("<p>Hi</p>") with { Attachments = [new Attachment("a", "a/b", new byte[5_000_000])] });
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(new MessageComposer(Tokens).TryCompose(compiled, Input(), output, out _));
        Assert.InRange(output.WrittenCount, 1, 10_000);
        Assert.InRange(compiled.SharedTail.Length, 6_800_000, 6_900_000);
        Assert.InRange(compiled.Weight, compiled.SharedTail.Length, compiled.SharedTail.Length + 10_000);
    }

    [Fact]
    public void The_cache_of_contents_is_bounded_by_their_weight()
    {
        var cache = new CompiledContentCache(100, 1_000_000);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(cache.TryGet(Content(text: "t") with { Attachments = [new Attachment($"a{i}", "a/b", new byte[200_000])] }, Options, out _, out _));
            Assert.InRange(cache.Count, 1, 3);
        }

        Assert.True(cache.TryGet(Content(text: "t") with { Attachments = [new Attachment("big", "a/b", new byte[2_000_000])] }, Options, out _, out _));
        Assert.Equal(1, cache.Count);
    }

    private static async Task<JsonElement> SendAsync(Attachment attachment)
    {
        var mail = await PythonMail.ParseAsync(Compose(Compile(Content(text: "t") with { Attachments = [attachment] }, Plain), Input()));
        Assert.Equal("[]", mail.GetProperty("defects").GetRawText());
        return Assert.Single(mail.GetProperty("files").EnumerateArray());
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
