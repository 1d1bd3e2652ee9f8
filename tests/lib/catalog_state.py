"""What a database's catalogs say, with names in place of OIDs: what two servers that ran the same DDL must agree on."""
import re

# Parts of the whole: a title, then psql's input. Each is compared on its own.
QUERIES = {
    "pg_class": """SELECT c.oid::regclass, relkind, relowner::regrole, relacl, relpersistence, relnatts, relchecks, relhasindex AND EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid) AS relhasindex, relhastriggers, relhassubclass, relispartition,
        reloftype::regtype, reloptions, reltablespace, relreplident, relispopulated, relrowsecurity, pg_get_expr(relpartbound, c.oid), (SELECT amname FROM pg_am WHERE oid = relam), reltype <> 0
        FROM pg_class c WHERE c.oid >= 16384 AND relkind <> 't' AND relnamespace <> 'pg_toast'::regnamespace ORDER BY c.oid::regclass::text COLLATE "C";""",
    "pg_attribute": """SELECT attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, atthasdef, attidentity, attgenerated, attisdropped, attislocal,
        attinhcount, attcollation::regcollation, attstorage, attcompression, attstattarget, attndims, attacl, attoptions, attfdwoptions
        FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0 AND attrelid::regclass::text !~ '^pg_toast' ORDER BY attrelid::regclass::text COLLATE "C", attnum;""",
    "pg_attrdef": """SELECT adrelid::regclass, adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef ORDER BY adrelid::regclass::text COLLATE "C", adnum;""",
    "pg_constraint": """SELECT conrelid::regclass, contypid::regtype, connamespace::regnamespace, conname, contype, convalidated, coninhcount, conislocal, connoinherit, conkey, conindid::regclass,
        conparentid <> 0, pg_get_constraintdef(oid) FROM pg_constraint WHERE oid >= 16384 ORDER BY conrelid::regclass::text COLLATE "C", conname, contypid::regtype::text;""",
    "pg_inherits": """SELECT inhrelid::regclass, inhparent::regclass, inhseqno, inhdetachpending FROM pg_inherits ORDER BY inhrelid::regclass::text COLLATE "C", inhseqno;""",
    "pg_partitioned_table": """SELECT partrelid::regclass, partstrat, partnatts, partdefid::regclass, partattrs, pg_get_partkeydef(partrelid) FROM pg_partitioned_table ORDER BY partrelid::regclass::text COLLATE "C";""",
    "pg_index": """SELECT indexrelid::regclass, indrelid::regclass, indisunique, indisprimary, indisvalid, indkey, pg_get_indexdef(indexrelid) FROM pg_index WHERE indexrelid >= 16384
        AND indrelid::regclass::text !~ '^pg_toast' ORDER BY indexrelid::regclass::text COLLATE "C";""",
    "pg_trigger": """SELECT tgrelid::regclass, tgname, tgenabled, tgtype, tgattr, tgargs, pg_get_triggerdef(oid) FROM pg_trigger ORDER BY tgrelid::regclass::text COLLATE "C", tgname;""",
    "pg_sequence": """SELECT seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle FROM pg_sequence ORDER BY seqrelid::regclass::text COLLATE "C";""",
    "pg_sequences": """SELECT * FROM pg_sequences ORDER BY schemaname, sequencename;""",
    "pg_foreign_data_wrapper": """SELECT fdwname, fdwowner::regrole, fdwhandler::regproc, fdwvalidator::regproc, fdwacl, fdwoptions FROM pg_foreign_data_wrapper ORDER BY fdwname;""",
    "pg_foreign_server": """SELECT srvname, srvowner::regrole, fdwname, srvtype, srvversion, srvacl, srvoptions FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw ORDER BY srvname;""",
    "pg_user_mappings": """SELECT srvname, usename, umoptions FROM pg_user_mappings ORDER BY srvname, usename;""",
    "pg_foreign_table": """SELECT ftrelid::regclass, srvname, ftoptions FROM pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver ORDER BY ftrelid::regclass::text COLLATE "C";""",
    "pg_namespace": """SELECT nspname, nspowner::regrole, nspacl FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)' ORDER BY nspname;""",
    "pg_type": """SELECT oid::regtype, typowner::regrole, typtype, typcategory, typrelid::regclass, typelem::regtype, typbasetype::regtype, typnotnull, typdefault, typacl, typstorage, typalign, typlen
        FROM pg_type WHERE oid >= 16384 AND typrelid::regclass::text !~ '^pg_toast' ORDER BY oid::regtype::text COLLATE "C";""",
    "pg_enum": """SELECT enumtypid::regtype, enumsortorder, enumlabel FROM pg_enum ORDER BY enumtypid::regtype::text, enumsortorder;""",
    "pg_proc": """SELECT oid::regprocedure, proowner::regrole, proacl, provolatile, proisstrict, prosecdef, procost, prorows, prorettype::regtype, proconfig, prosrc FROM pg_proc WHERE oid >= 16384
        ORDER BY oid::regprocedure::text COLLATE "C";""",
    "pg_authid": """SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1;""",
    "pg_auth_members": """SELECT roleid::regrole, member::regrole, grantor::regrole, admin_option FROM pg_auth_members WHERE member::regrole::text <> 'pg_monitor' ORDER BY 1, 2, 3;""",
    "pg_db_role_setting": """SELECT setdatabase <> 0, setrole::regrole, setconfig FROM pg_db_role_setting ORDER BY 1, setrole::regrole::text;""",
    "pg_database": """SELECT datname, datdba::regrole, datacl FROM pg_database WHERE datname = 'postgres';""",
    "pg_default_acl": """SELECT defaclrole::regrole, CASE defaclnamespace WHEN 0 THEN '-' ELSE defaclnamespace::regnamespace::text END, defaclobjtype, defaclacl FROM pg_default_acl ORDER BY 1, 2, 3;""",
    "pg_extension": """SELECT extname, extowner::regrole, extnamespace::regnamespace, extversion, extrelocatable FROM pg_extension ORDER BY 1;""",
    "pg_description": """SELECT pg_describe_object(classoid, objoid, objsubid), description FROM pg_description WHERE objoid >= 16384 ORDER BY 1 COLLATE "C";""",
    "pg_shdescription": """SELECT pg_describe_object(classoid, objoid, 0), description FROM pg_shdescription WHERE objoid >= 16384 ORDER BY 1 COLLATE "C";""",
    "pg_depend": """SELECT pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid), deptype FROM pg_depend WHERE objid >= 16384
        AND pg_describe_object(classid, objid, objsubid) !~ 'toast' ORDER BY 1 COLLATE "C", 2 COLLATE "C", 3;""",
    "pg_shdepend": """SELECT pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, 0), deptype FROM pg_shdepend
        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid >= 16384 ORDER BY 1 COLLATE "C", 2 COLLATE "C", 3;""",
    "pg_init_privs": """SELECT pg_describe_object(classoid, objoid, objsubid), privtype, initprivs FROM pg_init_privs WHERE objoid >= 16384 ORDER BY 1 COLLATE "C";""",
    "views": """SELECT schemaname, viewname, viewowner, definition FROM pg_views WHERE schemaname !~ '^(pg_|information_)' ORDER BY 1, 2;""",
    "column_privileges": """SELECT * FROM information_schema.column_privileges WHERE table_schema !~ '^(pg_|information_)' ORDER BY 1, 2, 3, 4, 5, 6, 7, 8;""",
    "table_constraints": """SELECT * FROM information_schema.table_constraints WHERE table_schema !~ '^(pg_|information_)' AND constraint_name !~ '[0-9]_not_null' ORDER BY 1, 2, 3, 4, 5, 6;""",
    "listings": "\\des+\n\\deu+\n\\det+ *.*\n\\dew+\n\\dn+\n\\ddp\n\\drds\n\\dx+",
    "relations": "\\dp public.*\n\\dp n1.*\n\\dtvE public.*\n\\ds public.*\n\\di public.*\n\\df public.*\n\\dT+ public.*\n\\dD public.*",
    "described": "\\d+ public.*\n\\d+ n1.*\n\\d+ n2.*",
}


def script():
    """psql's input: every part after a line with its title."""
    return "\\set VERBOSITY verbose\n\\pset format unaligned\n" + "".join(f"\\echo @@ {title}\n{text}\n" for title, text in QUERIES.items())


def parts(output):
    """Title to text."""
    pieces = re.split(r"^@@ (\w+)\n", output, flags=re.M)
    return dict(zip(pieces[1::2], pieces[2::2]))
