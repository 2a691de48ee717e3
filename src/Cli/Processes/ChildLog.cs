using System.Text;

namespace Delivery.Cli.Processes;

/// <summary>The file that takes a child's output. Rotated by size when the launcher starts, never while it runs.</summary>
internal sealed class ChildLog
{
    /// <summary>Beyond this a start moves the file aside to NAME.log.1, in place of an older one.</summary>
    public const long MaxBytes = 10 << 20;
    private const int TailBytes = 8 << 10;
    private readonly long _begin;

    public ChildLog(string folder, string name)
    {
        Directory.CreateDirectory(folder);
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

    /// <summary>The last line with text that was written since this object was made, without control characters; empty when there is none.</summary>
    public string LastLine()
    {
        if (!File.Exists(Path))
            return "";
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Clamp(stream.Length - TailBytes, _begin, Math.Max(_begin, stream.Length));
        var buffer = new byte[TailBytes];
        var read = stream.ReadAtLeast(buffer, TailBytes, throwOnEndOfStream: false);
        var line = Encoding.UTF8.GetString(buffer, 0, read).Split('\n').LastOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";
        return new string([.. line.Where(letter => !char.IsControl(letter))]).Trim();
    }
}
