namespace Delivery.Mta.Templates;

/// <summary>Paths: <c>a.b</c>, <c>../a</c>, <c>this.a</c>, <c>a.0</c>, <c>a.[any name]</c>, <c>@root.a</c>, <c>@index</c>.</summary>
internal static class PathParser
{
    /// <summary>Null with a message when the word is no path.</summary>
    public static Expression? Parse(string word, out string message)
    {
        message = "";
        var data = word.StartsWith('@');
        var start = data ? 1 : 0;
        var up = 0;
        while (word.AsSpan(start) is ".." || word.AsSpan(start).StartsWith("../", StringComparison.Ordinal))
        {
            if (++up > TemplateLimits.MaxDepth)
            {
                message = $"'../' is repeated more than {TemplateLimits.MaxDepth} times";
                return null;
            }
            start = Math.Min(start + 3, word.Length);
        }
        var rest = word[start..];
        var names = new List<string>();
        if (!TrySplit(rest, names))
        {
            message = $"'{word}' is no path; examples are 'name', 'items.0.title', '../name', 'this' and 'a.[a name]'";
            return null;
        }
        if (!data)
        {
            // A leading 'this' or '.' is the context itself.
            var skip = names.Count > 0 && names[0] is "this" or "." && !rest.StartsWith('[') ? 1 : 0;
            return new PathExpression(up, false, Segments(names, skip));
        }
        return ParseData(word, names, up, out message);
    }

    private static Expression? ParseData(string word, List<string> names, int up, out string message)
    {
        message = "";
        if (names.Count > 0 && names[0] == "root" && up == 0)
            return new PathExpression(0, true, Segments(names, 1));
        if (names.Count == 1)
        {
            switch (names[0])
            {
                case "index": return new LoopExpression(LoopField.Index, up);
                case "key": return new LoopExpression(LoopField.Key, up);
                case "first": return new LoopExpression(LoopField.First, up);
                case "last": return new LoopExpression(LoopField.Last, up);
                default: break;
            }
        }
        message = $"there is no '{word}'; there are @root, @index, @key, @first and @last";
        return null;
    }

    private static PathSegment[] Segments(List<string> names, int skip)
    {
        var segments = new PathSegment[names.Count - skip];
        for (var i = 0; i < segments.Length; i++)
            segments[i] = new PathSegment(names[i + skip]);
        return segments;
    }

    private static bool TrySplit(string path, List<string> names)
    {
        if (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        if (path is "" or ".")
        {
            if (path == ".")
                names.Add(".");
            return true;
        }
        var at = 0;
        while (true)
        {
            int end;
            if (at < path.Length && path[at] == '[')
            {
                end = path.IndexOf(']', at);
                if (end < 0)
                    return false;
                names.Add(path[(at + 1)..end]);
                end++;
            }
            else
            {
                end = path.AsSpan(at).IndexOfAny("./[") is var found && found < 0 ? path.Length : at + found;
                if (end == at)
                    return false;
                names.Add(path[at..end]);
            }
            if (end == path.Length)
                return true;
            if (path[end] is not ('.' or '/'))
                return false;
            at = end + 1;
        }
    }
}
