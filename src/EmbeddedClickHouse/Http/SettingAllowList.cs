namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>The settings that a client may pass in the URL. Those that name files, reach the net or change the engine itself are not among them.</summary>
internal static class SettingAllowList
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "async_insert", "wait_for_async_insert", "insert_deduplicate", "insert_deduplication_token", "async_insert_deduplicate",
        "deduplicate_blocks_in_dependent_materialized_views", "max_threads", "max_insert_threads", "max_insert_block_size",
        "max_insert_block_size_bytes", "min_insert_block_size_rows", "min_insert_block_size_bytes", "max_block_size",
        "min_insert_block_size_rows_for_materialized_views", "min_insert_block_size_bytes_for_materialized_views",
        "max_execution_time", "max_memory_usage", "max_result_rows", "result_overflow_mode", "read_overflow_mode", "timeout_overflow_mode",
        "max_rows_to_read", "max_rows_to_group_by", "group_by_overflow_mode", "max_columns_to_read", "max_partitions_per_insert_block",
        "wait_end_of_query", "send_progress_in_http_headers", "http_headers_progress_interval_ms", "enable_http_compression",
        "http_zlib_compression_level", "http_response_buffer_size", "http_wait_end_of_query", "mutations_sync", "alter_sync",
        "lightweight_deletes_sync", "date_time_input_format", "date_time_output_format", "session_timezone", "log_comment", "priority",
        "extremes", "final", "select_sequential_consistency", "insert_null_as_default", "throw_if_no_data_to_insert",
        "parallel_view_processing", "use_query_cache", "query_cache_ttl", "prefer_localhost_replica", "connect_timeout", "receive_timeout",
        "send_timeout", "cancel_http_readonly_queries_on_client_close", "default_table_engine", "cast_keep_nullable", "aggregate_functions_null_for_empty",
        "group_by_use_nulls", "transform_null_in", "count_distinct_implementation", "data_type_default_nullable", "union_default_mode",
        "flatten_nested", "log_queries", "fsync_metadata", "max_ast_depth", "max_ast_elements", "max_expanded_ast_elements", "max_parser_depth",
        "insert_quorum", "insert_allow_materialized_columns", "enable_lightweight_delete", "enable_lightweight_update", "apply_mutations_on_fly",
    };

    private static readonly string[] Prefixes =
        ["input_format_", "output_format_", "allow_experimental_", "optimize_", "join_", "max_bytes_", "format_csv_", "format_tsv_", "enable_json_", "query_plan_"];

    /// <summary>They match a prefix but name files, so nobody may pass them.</summary>
    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal)
    {
        "output_format_schema", "input_format_record_errors_file_path", "format_schema", "format_schema_source",
    };

    /// <summary><c>readonly</c> is for the user who is not bound to it; an experimental feature may open what the reader must not reach, and a cache may hold what others have read.</summary>
    public static bool Allows(string name, bool reader)
    {
        if (Refused.Contains(name)) return false;
        if (name == "readonly" || name.StartsWith("allow_experimental_", StringComparison.Ordinal)
            || name.Contains("query_cache", StringComparison.Ordinal)) return !reader;
        if (Names.Contains(name)) return true;
        foreach (var prefix in Prefixes)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return true;
        return false;
    }
}
