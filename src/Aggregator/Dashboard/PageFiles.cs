using System.Reflection;
using System.Security.Cryptography;

namespace Delivery.Aggregator.Dashboard;

/// <summary>The page's files out of the assembly: the page itself under <c>/</c>, all others under <c>/assets/</c>.</summary>
internal static class PageFiles
{
    public const string Page = "/";
    public const string MailFrame = "/assets/mail-frame.html";
    private const string Prefix = "page/";

    public static IReadOnlyList<PageFile> All { get; } = [.. Read()];

    private static IEnumerable<PageFile> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var file = name[Prefix.Length..].Replace('\\', '/');
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"";
            yield return new PageFile(file == "index.html" ? Page : "/assets/" + file, ContentType(file), tag, bytes);
        }
    }

    private static string ContentType(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"{file} is of no kind that the page is made of"),
    };
}
