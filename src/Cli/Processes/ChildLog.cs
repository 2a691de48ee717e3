using System.Text;
using System.Text.RegularExpressions;

namespace Delivery.Cli.Processes;

/// <summary>The file that takes a child's output. Rotated by size when the launcher starts, never while it runs.</summary>
internal sealed partial class ChildLog
{
    /// <summary>Beyond this a start moves the file aside to NAME.log.1, in place of an older one.</summary>
    public const long MaxBytes = 10 << 20;
    private const int TailBytes = 8 << 10;
    private readonly string _name;
    private long _begin;

    public ChildLog(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        _name = name;
        Path = System.IO.Path.Combine(folder, name + ".log");
        var file = new FileInfo(Path);
        if (file.Exists && file.Length > MaxBytes)
        {
            file.MoveTo(Path + ".1", overwrite: true);
            file = new FileInfo(Path);
        }

        _begin = file.Exists ? file.Length : 0;
    }

    public string Path { get; }

    /// <summary>A new run begins: what stands in the file so far is not looked at any more.</summary>
    public void BeginRun()
    {
        var file = new FileInfo(Path);
        _begin = file.Exists ? file.Length : 0;
    }

    /// <summary>The last line with text that was written in this run, without control characters; empty when there is none.</summary>
    public string LastLine() => Printable(Tail().LastOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "");

    /// <summary>What this run last complained of, a warning or worse, without control characters; empty when nothing in the tail of its log is one.</summary>
    public string LastComplaint()
    {
        var lines = Tail();
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            var line = lines[i];
            if (!IsComplaint(line))
                continue;
            // The programs' logger puts the message on the line below the level and the category.
            var continues = i + 1 < lines.Length && lines[i + 1].StartsWith("      ", StringComparison.Ordinal);
            return Printable(continues ? lines[i + 1] : line);
        }

        return "";
    }

    private bool IsComplaint(string line) =>
        line.StartsWith("warn: ", StringComparison.Ordinal) || line.StartsWith("fail: ", StringComparison.Ordinal) || line.StartsWith("crit: ", StringComparison.Ordinal)
        || line.StartsWith(_name + ": ", StringComparison.Ordinal)
        || line.StartsWith("Unhandled exception", StringComparison.Ordinal)
        || RedisWarning().IsMatch(line);

    private static string Printable(string line) => new string([.. line.Where(letter => !char.IsControl(letter))]).Trim();

    /// <summary>Such as <c>17:M 22 Nov 2026 07:05:10.520 # Out of memory</c>.</summary>
    [GeneratedRegex(@"^\d+:[A-Z] .{20,30} # ")]
    private static partial Regex RedisWarning();

    private string[] Tail()
    {
        if (!File.Exists(Path))
            return [];
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Clamp(stream.Length - TailBytes, _begin, Math.Max(_begin, stream.Length));
        var buffer = new byte[TailBytes];
        var read = stream.ReadAtLeast(buffer, TailBytes, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(buffer, 0, read).Split('\n');
    }
}
