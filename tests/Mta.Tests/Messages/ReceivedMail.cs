using System.Text;

namespace Delivery.Mta.Tests.Messages;

/// <summary>
/// A message as a reader's client takes it apart: a small strict reader of our own, beside the one of Python's
/// library, so that most tests need no process.
/// </summary>
internal sealed record ReceivedMail(string Raw, IReadOnlyList<KeyValuePair<string, string>> Headers, string Text, string Html)
{
    public string this[string name] => Headers.Single(header => header.Key == name).Value;

    public bool Has(string name) => Headers.Any(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase));

    public static ReceivedMail Parse(byte[] message)
    {
        Assert.True(Ascii.IsValid(message), "the message is not ASCII");
        var raw = Encoding.ASCII.GetString(message);
        Assert.DoesNotContain('\n', raw.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.DoesNotContain('\r', raw.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.EndsWith("\r\n", raw, StringComparison.Ordinal);
        var (headers, body) = Split(raw);
        var type = headers.Single(header => header.Key == "Content-Type").Value;
        if (!type.StartsWith("multipart/alternative", StringComparison.Ordinal))
            return new ReceivedMail(raw, headers, Decode(body), "");
        var delimiter = "--" + type.Split('"')[1];
        var parts = ("\r\n" + body).Split("\r\n" + delimiter);
        Assert.Equal(4, parts.Length);
        Assert.Equal("--\r\n", parts[3]);
        return new ReceivedMail(raw, headers, Part(parts[1], "text/plain"), Part(parts[2], "text/html"));
    }

    private static string Part(string part, string type)
    {
        var (headers, body) = Split(part[2..]);
        Assert.Equal(type + "; charset=utf-8", headers.Single(header => header.Key == "Content-Type").Value);
        return Decode(body);
    }

    private static (List<KeyValuePair<string, string>> Headers, string Body) Split(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var line in text[..end].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n"))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            Assert.True(colon > 0, $"no header: {line}");
            headers.Add(new(line[..colon], line[(colon + 2)..]));
        }
        return (headers, text[(end + 4)..]);
    }

    /// <summary>Quoted-printable, refusing what RFC 2045 does not allow.</summary>
    public static string Decode(string body) => new UTF8Encoding(false, true).GetString(DecodeBytes(body));

    public static byte[] DecodeBytes(string body)
    {
        var bytes = new List<byte>();
        var lines = body.Split("\r\n");
        for (var n = 0; n < lines.Length; n++)
        {
            var line = lines[n];
            Assert.True(line.Length <= 76, "line over 76");
            Assert.False(line.EndsWith(' ') || line.EndsWith('\t'), "blank at a line's end");
            var soft = line.EndsWith('=');
            if (soft)
                line = line[..^1];
            for (var i = 0; i < line.Length; i++)
            {
                if (line[i] == '=')
                {
                    bytes.Add(Convert.FromHexString(line.AsSpan(i + 1, 2))[0]);
                    i += 2;
                }
                else
                {
                    bytes.Add((byte)line[i]);
                }
            }
            if (!soft && n < lines.Length - 1)
                bytes.Add((byte)'\n');
        }
        return [.. bytes];
    }
}
