using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Delivery.Contracts;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Tests.Messages;

/// <summary>Compiles and composes with keys of its own, and reads the tracked URLs back.</summary>
internal static partial class Composing
{
    public const string Tracker = "http://127.0.0.1:5081";
    public static readonly TrackingTokens Tokens = new(KeyRing.Create());
    public static readonly RecipientKey Key = new(1, 2);
    public static readonly DateTimeOffset Date = new(2026, 11, 22, 10, 20, 30, TimeSpan.FromHours(2));

    public static ComposeOptions Options { get; } = new() { TrackerBaseUrl = new Uri(Tracker) };

    public static ComposeOptions Plain { get; } = Options with { OpenTracking = false, ClickTracking = false, ListUnsubscribe = false };

    public static MessageContent Content(string? html = null, string? text = null, string subject = "Hi") => new()
    {
        From = new Mailbox("shop@example.com", "The Shop"),
        Subject = subject,
        Html = html,
        Text = text,
    };

    public static CompiledContent Compile(MessageContent content, ComposeOptions? options = null)
    {
        Assert.True(CompiledContent.TryCompile(content, options ?? Options, out var compiled, out var errors), string.Join('\n', errors));
        return compiled;
    }

    public static IReadOnlyList<ContentError> Errors(MessageContent content)
    {
        Assert.False(CompiledContent.TryCompile(content, Options, out _, out var errors));
        return errors;
    }

    public static MessageInput Input(string data = "{}", string email = "reader@example.com", string? name = null) => new()
    {
        Account = 7,
        Job = 99,
        Recipient = 5,
        Date = Date,
        Email = email,
        Name = name,
        UpstreamId = "crm-1",
        Key = Key,
        List = 3,
        SubstitutionData = JsonDocument.Parse(data).RootElement,
    };

    public static byte[] Compose(CompiledContent compiled, in MessageInput input)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(new MessageComposer(Tokens).TryCompose(compiled, input, output, out var failure), failure.ToString());
        return [.. output.WrittenSpan, .. compiled.SharedTail.Span];
    }

    public static ReceivedMail Deliver(MessageContent content, string data = "{}", ComposeOptions? options = null) =>
        ReceivedMail.Parse(Compose(Compile(content, options), Input(data)));

    public static ComposeFailure Fail(MessageContent content, in MessageInput input)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(new MessageComposer(Tokens).TryCompose(Compile(content), input, output, out var failure));
        Assert.Equal(0, output.WrittenCount);
        return failure;
    }

    /// <summary>Every click token in the text, in order, read back.</summary>
    public static List<ClickToken> Clicks(string text)
    {
        var clicks = new List<ClickToken>();
        foreach (Match match in ClickUrl().Matches(text))
        {
            Assert.True(Tokens.TryReadClick(match.Groups[1].ValueSpan, out var click));
            Assert.Equal(new TrackingSubject(7, 99, 5, (uint)Date.ToUnixTimeSeconds()), click.Subject);
            clicks.Add(click);
        }
        return clicks;
    }

    /// <summary>The text with each click URL replaced by its destination.</summary>
    public static string Untrack(string text) => ClickUrl().Replace(text, match =>
    {
        Assert.True(Tokens.TryReadClick(match.Groups[1].ValueSpan, out var click));
        return click.Url;
    });

    [GeneratedRegex("http://127\\.0\\.0\\.1:5081/c/([A-Za-z0-9_-]+)")]
    private static partial Regex ClickUrl();
}
